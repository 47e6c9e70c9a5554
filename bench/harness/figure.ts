/**
 * One measured figure beside its baseline of the same run; null where the goal is a limit by itself. `goal` is for people;
 * `holds` says whether it is met.
 */
export type Figure = {
  metric: string;
  unit: string;
  ours: number;
  baseline: number | null;
  goal: string;
  holds: boolean;
};

const shown = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

/** Prints a table for people and then, last, one JSON line a figure. */
export function printFigures(bench: string, figures: readonly Figure[]): void {
  console.table(
    Object.fromEntries(
      figures.map(({ metric, unit, ours, baseline, goal, holds }) => [
        metric,
        {
          ours: `${shown(ours)} ${unit}`,
          baseline: baseline === null ? '' : `${shown(baseline)} ${unit}`,
          ratio: baseline === null || baseline === 0 ? '' : shown(ours / baseline),
          goal,
          holds: holds ? 'yes' : 'NO',
        },
      ]),
    ),
  );
  for (const { metric, ours, baseline, goal, holds } of figures) {
    const ratio = baseline === null || baseline === 0 ? null : ours / baseline;
    console.log(JSON.stringify({ bench, metric, ours, baseline, ratio, goal, holds }));
  }
}
