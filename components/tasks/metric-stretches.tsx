'use client';

import { type KeyboardEvent, useState } from 'react';
import { pauseText } from '@/components/ui/duration-text';
import { clockTimeText } from '@/components/ui/relative-time-text';
import { BUCKETS, type MetricBucket } from './metric-buckets';

type MetricStretchesProps = {
  buckets: readonly MetricBucket[];
  /** Where a time stands, in per cent of the width. */
  leftOf: (at: number) => number;
  open: MetricBucket | null;
  onOpen: (bucket: MetricBucket) => void;
};

/** A button over each stretch of the chart; one of them is in the order of the tab key, arrows lead to the others. */
export function MetricStretches({ buckets, leftOf, open, onOpen }: MetricStretchesProps) {
  const [focused, setFocused] = useState(0);
  const entry = Math.min(focused, buckets.length - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = event.currentTarget.parentElement?.querySelectorAll('button');
    buttons?.[Math.min(buckets.length - 1, Math.max(0, entry + by))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div role="group" aria-label="What was measured when" className="absolute inset-0">
      {buckets.map((bucket, index) => (
        <button
          key={bucket.at}
          type="button"
          tabIndex={index === entry ? 0 : -1}
          aria-pressed={bucket === open}
          aria-label={`${clockTimeText(bucket.at)}: ${measuredText(bucket)}`}
          title={`${clockTimeText(bucket.at)}: ${measuredText(bucket)}`}
          onFocus={() => setFocused(index)}
          onKeyDown={onKeyDown}
          onClick={() => onOpen(bucket)}
          style={{ left: `${leftOf(bucket.at)}%`, width: `${100 / BUCKETS}%` }}
          className="-translate-x-1/2 absolute inset-y-0 min-w-1.5 hover:bg-press/60 focus-visible:-outline-offset-2"
        />
      ))}
    </div>
  );
}

const measuredText = ({ points, p95 }: MetricBucket) =>
  points.length === 1 ? pauseText(p95) : `${points.length} measured, p95 ${pauseText(p95)}`;
