import { AgentText } from '@/components/ui/agent-text';
import { HostileText } from '@/components/ui/hostile-text';
import { isSaidAlike } from '@/lib/domain/draft/canonical-arguments';
import type { Draft } from '@/lib/protocol/draft';

type DraftBodyProps = {
  draft: Pick<Draft, 'kind' | 'content'>;
  /** As its receiver will see it, or to the character. */
  as: 'arrives' | 'raw';
};

/** What waits, and nothing else: a message as it will be read, or the arguments of a call. */
export function DraftBody({ draft: { kind, content }, as }: DraftBodyProps) {
  if (as === 'raw') {
    return (
      <div className="font-mono text-mono text-text">
        <HostileText text={content} />
      </div>
    );
  }
  if (kind === 'message') return <AgentText text={content} />;
  const pairs = argumentPairs(content);
  if (!pairs) return <DraftBody draft={{ kind, content }} as="raw" />;
  return (
    <dl className="divide-y divide-line rounded-control border border-line bg-ground font-mono text-mono">
      {pairs.length === 0 && <div className="px-2.5 py-1 text-text-3">no arguments</div>}
      {pairs.map(([name, value]) => (
        <div key={name} className="grid grid-cols-[88px_minmax(0,1fr)] gap-2 px-2.5 py-1">
          <dt className="truncate text-text-3" title={name}>
            <HostileText text={name} wrap={false} />
          </dt>
          <dd className="min-w-0 text-text">
            <HostileText text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The arguments of a call by name; null where they are not an object, or say something else when they are read. */
function argumentPairs(content: string): [name: string, value: string][] | null {
  try {
    const given: unknown = JSON.parse(content);
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return null;
    if (!isSaidAlike(content, given)) return null;
    return Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? ''),
    ]);
  } catch {
    return null; // shown to the character instead
  }
}
