import type { Page } from '@playwright/test';
import type { Api } from '@/e2e/program/api';
import { knownEntry } from '@/lib/protocol/entry';

/** What was said in a pane, and how it came there. White space is left out: Markdown draws it in its own way. */
export type Said = `${'spoken' | 'received' | 'sent' | 'assistant'}: ${string}`;

/** Everything said in the panes of seats a and b, in order. */
export type Panes = { a: Said[]; b: Said[] };

/** Something said that stands in the transcript; what is still being written is in no article. */
export const said = (page: Page, words: string) => page.getByRole('article').getByText(words, { exact: true });

const TALL = 12_000; // so that every row of a journey is drawn
const squeezed = (text: string) => text.replace(/\s+/g, '');

type DrawnRow = { seat: 'a' | 'b'; id: string; seq: number; top: number; kind: string; text: string };

/** Reads both panes of the conversation on the screen, whole, and finds no row twice and none out of place. */
export async function panesOnScreen(page: Page): Promise<Panes> {
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  await page.setViewportSize({ ...size, height: TALL });
  await page.getByRole('article').first().waitFor();
  const rows = await drawnRows(page);
  await page.setViewportSize(size);
  const ids = rows.map((row) => row.id);
  if (new Set(ids).size !== ids.length) throw new Error(`a row stands twice: ${ids.join(', ')}`);
  return { a: talkOf(rows, 'a'), b: talkOf(rows, 'b') };
}

const drawnRows = (page: Page): Promise<DrawnRow[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[role=row] [role=cell] article[data-row]')].map((article) => {
      const cells = [...(article.closest('[role=row]')?.querySelectorAll('[role=cell]') ?? [])];
      const isLeft = cells.findIndex((cell) => cell.contains(article)) === 0;
      const [, said] = article.lastElementChild?.children ?? [];
      const end = said?.matches('[data-in]') ? 'received' : said?.matches('[data-out]') ? 'sent' : '';
      return {
        seat: isLeft ? ('a' as const) : ('b' as const),
        id: article.dataset['row'] ?? '',
        seq: Number(article.dataset['seq']),
        top: article.getBoundingClientRect().top,
        kind: /, (user|assistant), /.exec(article.getAttribute('aria-label') ?? '')?.[1] ?? end,
        text: said?.firstElementChild?.textContent ?? '',
      };
    }),
  );

const kinds: Record<string, string> = { user: 'spoken', assistant: 'assistant', received: 'received', sent: 'sent' };

function talkOf(rows: DrawnRow[], seat: 'a' | 'b'): Said[] {
  const own = rows.filter((row) => row.seat === seat).sort((one, other) => one.top - other.top);
  for (const [index, row] of own.entries()) {
    const before = own[index - 1];
    if (before && before.seq >= row.seq) throw new Error(`row ${row.seq} stands below row ${before.seq}`);
  }
  return own.flatMap((row) => {
    const kind = kinds[row.kind];
    return kind ? [`${kind}: ${squeezed(row.text)}` as Said] : [];
  });
}

/** The same from the ledger, over HTTP. */
export async function panesInLedger(api: Api, conversationId: string): Promise<Panes> {
  const panes: Panes = { a: [], b: [] };
  const seen = new Set<string>();
  const say = (seat: string | null | undefined, kind: string, content: string) => {
    if (seat === 'a' || seat === 'b') panes[seat].push(`${kind}: ${squeezed(content)}` as Said);
  };
  for (const wire of await api.entries(conversationId)) {
    const entry = knownEntry(wire);
    if (entry?.type === 'message.spoken') say(entry.payload.to, 'spoken', entry.payload.content);
    if (entry?.type === 'message.received') say(entry.payload.to, 'received', entry.payload.content);
    if (entry?.type === 'message.sent') say(entry.payload.from, 'sent', entry.payload.content);
    if (entry?.type === 'message.seen' && entry.payload.messageType === 'assistant_message') {
      if (!seen.has(entry.payload.messageId)) say(entry.payload.seat, 'assistant', entry.payload.content ?? '');
      seen.add(entry.payload.messageId);
    }
  }
  return panes;
}
