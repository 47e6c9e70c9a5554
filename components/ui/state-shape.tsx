/** The outlines that tell states apart without colour. */
export type Shape =
  | 'triangle'
  | 'diamond'
  | 'open-ring'
  | 'turning-arrow'
  | 'person'
  | 'check'
  | 'half-disc'
  | 'octagon'
  | 'dashed-ring'
  | 'quarter-ring'
  | 'slashed-ring'
  | 'bars'
  | 'square'
  | 'dot';

const ring = { cx: 6, cy: 6, fill: 'none' } as const;

const shapes = {
  triangle: <path d="M3 1.8v8.4L10 6z" fill="var(--text-2)" />,
  diamond: <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="var(--wait)" stroke="var(--wait-line)" />,
  'open-ring': (
    <>
      <circle cx="6" cy="6" r="4.5" fill="var(--wait-wash)" stroke="var(--line-strong)" strokeWidth="1.5" />
      <path d="M6 1.5A4.5 4.5 0 1 1 1.6 5" fill="none" stroke="var(--wait-line)" strokeWidth="2" />
    </>
  ),
  'turning-arrow': (
    <g fill="none" stroke="var(--wait-line)" strokeWidth="1.75">
      <path d="M10.3 4.6A4.6 4.6 0 1 0 10.6 6.6" />
      <path d="M10.9 1.4v3.6H7.3" />
    </g>
  ),
  person: (
    <g fill="var(--human)">
      <circle cx="6" cy="3.2" r="2.4" />
      <path d="M1.2 11.5a4.8 4.8 0 0 1 9.6 0z" />
    </g>
  ),
  check: (
    <>
      <circle cx="6" cy="6" r="5.2" fill="var(--done)" />
      <path d="m3.6 6.2 1.7 1.7 3.2-3.6" fill="none" stroke="var(--surface)" strokeWidth="1.5" />
    </>
  ),
  'half-disc': (
    <>
      <circle {...ring} r="4.6" stroke="var(--done)" strokeWidth="1.25" />
      <path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" fill="var(--done)" />
    </>
  ),
  octagon: (
    <>
      <path d="M3.6.9h4.8l2.7 2.7v4.8l-2.7 2.7H3.6L.9 8.4V3.6z" fill="var(--fail)" />
      <path d="m4.2 4.2 3.6 3.6m0-3.6L4.2 7.8" stroke="var(--surface)" strokeWidth="1.4" />
    </>
  ),
  'dashed-ring': <circle {...ring} r="4.5" stroke="var(--idle)" strokeWidth="1.5" strokeDasharray="2 2" />,
  'quarter-ring': (
    <>
      <circle {...ring} r="4.5" stroke="var(--text-2)" strokeWidth="1.5" />
      <path d="M6 6V1.5A4.5 4.5 0 0 1 10.5 6z" fill="var(--text-2)" />
    </>
  ),
  'slashed-ring': (
    <>
      <circle {...ring} r="4.6" stroke="var(--idle)" strokeWidth="1.5" />
      <path d="m2.8 9.2 6.4-6.4" stroke="var(--idle)" strokeWidth="1.5" />
    </>
  ),
  bars: (
    <g fill="var(--text-2)">
      <rect x="2.5" y="2" width="2.5" height="8" rx=".5" />
      <rect x="7" y="2" width="2.5" height="8" rx=".5" />
    </g>
  ),
  square: <rect x="2.5" y="2.5" width="7" height="7" rx="1" fill="var(--text-3)" />,
  dot: <circle {...ring} r="3" stroke="var(--idle)" strokeWidth="1.5" />,
} satisfies Record<Shape, React.ReactNode>;

/** The 12 px mark in front of a state word. Never alone: the word stands beside it. */
export function StateShape({ shape, className = 'size-3 flex-none' }: { shape: Shape; className?: string }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className={className}>
      {shapes[shape]}
    </svg>
  );
}
