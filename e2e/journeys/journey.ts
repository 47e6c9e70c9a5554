import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';

export { expect };

/** Somebody at a browser: where Parley is, and the cookies they hold. */
export type Visitor = { url: string; storageState?: Exclude<BrowserContextOptions['storageState'], string> };

type Journey = {
  /** Opens a browser of its own for a visitor, at `path`. What it logs and where it reaches is watched to the end. */
  enter: (visitor: Visitor, path?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What the browser logs that matches is meant. Everything else it warns of or complains about fails the test. */
  expectNoise: (pattern: RegExp) => void;
};

/** What Chromium says while the program is away, and while it starts and answers 503. */
export const AWAY =
  /ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)|WebSocket connection to|status of 503 /;

/** What Chromium says of an answer with that status. */
export const answered = (status: number): RegExp => new RegExp(`responded with a status of ${status} `);

export const test = base.extend<Journey & { noise: { heard: string[]; meant: RegExp[] } }>({
  noise: async ({ browserName }, use) => {
    const noise = { heard: [], meant: [] };
    await use(noise);
    expect(unexpected(noise), `what ${browserName} logged`).toEqual([]);
  },
  expectNoise: ({ noise }, use) => use((pattern) => void noise.meant.push(pattern)),
  enter: async ({ browser, noise }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async ({ url, storageState }, path = '/', options = {}) => {
      const context = await browser.newContext({ baseURL: url, ...(storageState && { storageState }), ...options });
      contexts.push(context);
      listen(context, new URL(url), noise.heard);
      const page = await context.newPage();
      await page.goto(path);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

const unexpected = ({ heard, meant }: { heard: string[]; meant: RegExp[] }) =>
  heard.filter((line) => !meant.some((pattern) => pattern.test(line)));

function listen(context: BrowserContext, { host }: URL, heard: string[]): void {
  const leaves = (url: string) => !['data:', 'blob:'].includes(new URL(url).protocol) && new URL(url).host !== host;
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      heard.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => heard.push(`page error: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    if (leaves(request.url())) heard.push(`left its origin: ${request.method()} ${request.url()}`);
  });
  context.on('page', (page) =>
    page.on('websocket', (socket) => {
      if (leaves(socket.url())) heard.push(`left its origin: ${socket.url()}`);
    }),
  );
}
