const sameYear = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `Fri 21 Nov` where another day begins; null where it does not. Both ISO-8601, told in the reader's time zone. */
export function dayBetween(before: string | undefined, at: string): string | null {
  const day = dayText(at);
  return before !== undefined && dayText(before) === day ? null : day;
}

function dayText(at: string): string {
  const date = new Date(at);
  return (date.getFullYear() === new Date().getFullYear() ? sameYear : otherYear).format(date);
}

/** The day that begins here, across all columns. */
export const DayLine = ({ day }: { day: string }) => (
  <div className="relative z-1 flex justify-center py-2">
    <span className="rounded-tile border border-line-strong bg-raised px-2 text-micro font-control text-text-2">
      {day}
    </span>
  </div>
);
