import { HostileText } from '@/components/ui/hostile-text';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import type { Tick } from '@/lib/domain/transcript/read-entry';
import { countText } from './latency-text';
import { useStage, type Who } from './stage-context';

/** What concerns the whole conversation, as one line in the channel. */
export function TickLine({ tick }: { tick: Tick }) {
  const { who } = useStage();
  const at = Date.parse(tick.at);
  return (
    <div className="relative z-1 flex min-h-5 items-center gap-2 bg-sunken px-1 text-meta text-text-2 before:min-w-2 before:flex-1 before:border-line-strong before:border-t before:border-dotted after:min-w-2 after:flex-1 after:border-line-strong after:border-t after:border-dotted">
      <time dateTime={tick.at} title={exactTimeText(at)} className="flex-none font-mono text-micro text-text-3">
        {clockTimeText(at)}
      </time>
      <span className="min-w-0 text-center [overflow-wrap:anywhere]">
        <HostileText text={tickText(tick, who)} />
      </span>
    </div>
  );
}

/** A tick in words: `Mira Okafor paused it`. */
export function tickText({ told, actor, seq }: Tick, who: Who): string {
  switch (told.kind) {
    case 'opened':
      return `${actor.name} opened the conversation`;
    case 'changed':
      return changedText(told, actor.name);
    case 'stopped':
      return `Stopped: ${told.reason}`;
    case 'archived':
      return `${actor.name} archived the conversation`;
    case 'edge':
      return `${actor.name} set ${nameOf(told.edge.from, who)} to ${nameOf(told.edge.to, who)} to ${told.edge.mode}`;
    case 'redacted':
      return `Redacted: ${told.type}, #${countText(seq)}`;
    case 'strange':
      return `Not understood: ${told.type}, #${countText(seq)}`;
  }
}

function changedText(told: Tick['told'] & { kind: 'changed' }, name: string): string {
  const changes = [
    told.title !== undefined && `named it “${told.title}”`,
    told.maxTurns !== undefined && `set its bound to ${countText(told.maxTurns)} turns`,
    told.state === 'paused' && 'paused it',
    told.state === 'running' && 'let it go on',
  ].filter((change) => change !== false);
  return `${name} ${changes.join(', ') || 'changed nothing'}`;
}

const nameOf = (seat: string, who: Who) => who[seat]?.name ?? seat.toUpperCase();
