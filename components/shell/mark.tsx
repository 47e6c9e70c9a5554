/** Parley's mark: two panes, and what waits between them. */
export const Mark = ({ className = 'size-5 flex-none' }: { className?: string }) => (
  <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
    <rect x="2" y="2" width="4" height="16" rx="1" fill="currentColor" />
    <rect x="14" y="2" width="4" height="16" rx="1" fill="currentColor" />
    <rect
      x="8.25"
      y="8.25"
      width="3.5"
      height="3.5"
      transform="rotate(45 10 10)"
      fill="var(--wait)"
      stroke="var(--wait-line)"
      strokeWidth=".75"
    />
  </svg>
);
