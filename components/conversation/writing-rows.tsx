'use client';

import { ArrowUpRight, ChevronRight, SquareFunction, Terminal } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { hueClass } from '@/components/ui/seat-hue';
import { useStore } from '@/components/ui/store';
import type { WritingText } from '@/lib/client/live-writing';
import { messageBeingWritten } from '@/lib/domain/transcript/message-being-written';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import { bodyClass, glyphClass, RowLine, RowName, rowClass, type Side, timeClass } from './row-frame';
import { useStage } from './stage-context';

const SHOWN_MAX = 4_000;

/** What an agent is writing now, at the end of its pane. Not announced: the finished message is. */
export function WritingRows({ texts, side }: { texts: readonly WritingText[]; side: Side }) {
  return texts.map((text) => (
    <WritingRow key={`${text.messageId}:${text.messageType}:${text.field}`} text={text} side={side} />
  ));
}

function WritingRow({ text, side }: { text: WritingText; side: Side }) {
  const { who, reasoningOpen } = useStage();
  const thinksAloud = useStore(reasoningOpen, (open) => open);
  const one = who[text.seat];
  const { Glyph, name, kind, words, mono } = looks(text, one?.name ?? 'Agent');
  const folded = text.field === 'reasoning' && !thinksAloud;
  const shown = folded ? oneLine(words.slice(-240)) : words.slice(-SHOWN_MAX);
  return (
    <div aria-hidden="true" className={classNames(rowClass[side], one && hueClass[one.hue])}>
      <span className={timeClass[side]}>now</span>
      <Glyph size={14} strokeWidth={1.5} className={glyphClass} />
      <div className={bodyClass[side]}>
        <RowLine>
          {text.field === 'arguments' ? (
            <span className="max-w-3/5 truncate font-mono text-mono text-text-2">
              <HostileText text={name} wrap={false} />
            </span>
          ) : (
            <RowName>
              <HostileText text={name} wrap={false} />
            </RowName>
          )}
          {kind && <span className="flex-none">{kind}</span>}
          {folded && (
            <span className="min-w-0 truncate">
              <HostileText text={shown} wrap={false} />
            </span>
          )}
          {!text.whole && <span className="flex-none">a piece was missed, the whole follows</span>}
        </RowLine>
        {!folded && (
          <div className={mono ? 'font-mono text-mono text-text-2' : 'text-talk text-pretty'}>
            <HostileText text={shown} />
            <span className="caret" />
          </div>
        )}
      </div>
    </div>
  );
}

function looks({ field, toolName, text }: WritingText, agentName: string) {
  if (field === 'reasoning') return { Glyph: ChevronRight, name: 'Reasoning', kind: '', words: text, mono: false };
  if (field === 'content') return { Glyph: Terminal, name: agentName, kind: 'assistant', words: text, mono: false };
  const message = messageBeingWritten(text);
  const name = toolName ?? (message === null ? 'a tool' : 'a message');
  const writes = toolName === null ? message !== null : isMessagingTool(toolName);
  if (!writes) return { Glyph: SquareFunction, name, kind: 'calls', words: text, mono: true };
  return { Glyph: ArrowUpRight, name, kind: 'writes', words: message ?? '', mono: false };
}
