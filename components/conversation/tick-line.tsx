import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { clockTimeText, exactTimeText } from '@/components/ui/relative-time-text';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import type { Tick } from '@/lib/domain/transcript/read-entry';
import { useStage, type Who } from './stage-context';

/** Loaded with the first; until then a line says it. */
const takenCard = lazyModule(() => import('./taken-card'));

/** What concerns the whole conversation, as one line in the channel. */
export function TickLine({ tick }: { tick: Tick }) {
  const { who } = useStage();
  const at = Date.parse(tick.at);
  const { told } = tick;
  const drawn = takenCard.useLoaded(told.kind === 'taken', tellNotLoaded);
  if (told.kind === 'taken' && drawn) return <drawn.TakenCard tick={tick} told={told} />;
  return (
    <div className="relative z-1 flex min-h-5 items-center gap-2 bg-sunken px-1 text-meta text-text-2 before:min-w-2 before:flex-1 before:border-line-strong before:border-t before:border-dotted after:min-w-2 after:flex-1 after:border-line-strong after:border-t after:border-dotted">
      <time dateTime={tick.at} title={exactTimeText(at)} className="flex-none font-mono text-micro text-text-3">
        {clockTimeText(at)}
      </time>
      <span className="min-w-0 text-center [overflow-wrap:anywhere]">
        <HostileText text={tickText(tick, who)} ours />
      </span>
    </div>
  );
}

/** A tick in words: `Mira Okafor paused it`. */
export function tickText({ told, actor, seq }: Tick, who: Who): string {
  switch (told.kind) {
    case 'opened':
      return told.observed ? `${actor.name} came upon it in Letta` : `${actor.name} opened the conversation`;
    case 'changed':
      return changedText(told, actor.name);
    case 'stopped':
      return `Stopped: ${told.reason}`;
    case 'archived':
      return `${actor.name} archived the conversation`;
    case 'taken':
      return `${actor.name} took ${nameOf(told.seat, who)}’s seat`;
    case 'renewed':
      return `${actor.name} stays in ${nameOf(told.seat, who)}’s seat`;
    case 'left':
      return leftText(told, actor.name, nameOf(told.seat, who));
    case 'renamed':
      return `${told.before} is called ${told.name} from here on`;
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
    told.state === 'running' && 'resumed it',
    told.conveyance !== undefined && 'lets Parley carry it from here on',
  ].filter((change) => change !== false);
  return `${name} ${changes.join(', ') || 'changed nothing'}`;
}

function leftText(told: Tick['told'] & { kind: 'left' }, by: string, seat: string): string {
  if (told.how === 'expired') return `${told.name}’s lease ran out; ${seat} goes on`;
  if (told.how === 'conversation_stopped') return `${told.name} left ${seat}’s seat with the stop`;
  return by === told.name ? `${by} handed ${seat}’s seat back` : `${by} handed ${seat}’s seat back for ${told.name}`;
}

const nameOf = (seat: string, who: Who) => who[seat]?.name ?? seat.toUpperCase();
