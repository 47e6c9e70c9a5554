'use client';

import { CircleHelp, EyeOff } from 'lucide-react';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import type { Row } from '@/lib/domain/transcript/row';
import type { JsonValue } from '@/lib/protocol/json';
import { Well, WellLine } from './call-row';
import { LongText } from './long-text';
import { RowEnd, RowFrame, RowLine, RowName, RowToggle, type Side } from './row-frame';
import { useFold } from './stage-context';

type OpaqueRowProps = { row: Row; side: Side };

/** An entry whose content was erased; that it stood here stays. */
export const RedactedRow = ({ row, side }: OpaqueRowProps) => (
  <RowFrame row={row} side={side} glyph={EyeOff} label="Redacted">
    <RowLine>
      <RowName>Redacted</RowName>
      <span className="truncate">its content was erased, its proof holds</span>
      <RowEnd>#{countText(row.seq)}</RowEnd>
    </RowLine>
  </RowFrame>
);

/** What Parley does not understand, with the raw data. */
export function UnknownRow({ row, side }: OpaqueRowProps) {
  const { seen, strange } = row.parts;
  const [open, toggle] = useFold(row.id, false);
  const raw: JsonValue = strange?.raw ?? seen?.raw ?? null;
  const type = strange?.type ?? seen?.messageType ?? 'unknown';
  return (
    <RowFrame row={row} side={side} glyph={CircleHelp} label={`Unknown, ${type}`} onOpen={toggle}>
      <RowLine>
        <RowToggle open={open} onToggle={toggle}>
          <RowName>Not understood</RowName>
          <span className="min-w-0 truncate font-mono text-mono">
            <HostileText text={type} wrap={false} />
          </span>
        </RowToggle>
      </RowLine>
      {open && (
        <Well>
          <WellLine name="raw">
            <LongText id={row.id} text={JSON.stringify(raw, null, 2)} as="plain" />
          </WellLine>
        </Well>
      )}
    </RowFrame>
  );
}
