/**
 * To readers of the page the stage is a table: two panes and the channel as columns, moments as rows. Its rows come and
 * go with the scroll position, which `<table>` elements cannot: the roles are given by hand, and here.
 */
export const stageRoles = {
  table: (label: string, rows: number) => ({ role: 'table', 'aria-label': label, 'aria-rowcount': rows }),
  group: { role: 'rowgroup' },
  /** `index` counts from 1, the heads included. */
  row: (index: number) => ({ role: 'row', 'aria-rowindex': index }),
  head: (label: string) => ({ role: 'columnheader', 'aria-label': label }),
  cell: { role: 'cell' },
  /** One cell across all columns. */
  whole: { role: 'cell', 'aria-colspan': 3 },
  list: (label: string) => ({ role: 'list', 'aria-label': label }),
  item: { role: 'listitem' },
  none: { role: 'presentation' },
};
