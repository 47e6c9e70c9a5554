import { type BrowserContext, type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test';

export { expect };

/** Somebody at a browser: where Parley is, and the cookies they hold. */
export type Visitor = { url: string; storageState?: Exclude<BrowserContextOptions['storageState'], string> };

type Noise = { heard: string[]; meant: RegExp[] };

/** A page that outlives the tests in it. `noise` is that of the test that runs. */
type Kept = { page: Page; noise: Noise };

type Journey = {
  /**
   * For files that only look, at many places: a visitor's page is kept for the next test, emptied but for its cookies.
   * To open another one costs as much as the visit.
   */
  pagesAreKept: boolean;
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

export const test = base.extend<Journey & { noise: Noise }, { kept: Map<string, Kept> }>({
  pagesAreKept: [false, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  kept: [({}, use) => use(new Map()), { scope: 'worker' }], // they end with the browser
  noise: async ({ browserName }, use) => {
    const noise: Noise = { heard: [], meant: [] };
    await use(noise);
    expect(unexpected(noise), `what ${browserName} logged`).toEqual([]);
  },
  expectNoise: ({ noise }, use) => use((pattern) => void noise.meant.push(pattern)),
  enter: async ({ browser, noise, pagesAreKept, kept, viewport }, use) => {
    const leave: (() => Promise<void>)[] = [];
    const open = async ({ url, storageState }: Visitor, options: BrowserContextOptions): Promise<Kept> => {
      const context = await browser.newContext({ baseURL: url, ...(storageState && { storageState }), ...options });
      const heard: Pick<Kept, 'noise'> = { noise };
      listen(context, new URL(url), (line) => heard.noise.heard.push(line));
      return Object.assign(heard, { page: await context.newPage() });
    };
    await use(async (visitor, path = '/', options = {}) => {
      const key = JSON.stringify([visitor, viewport, options, leave.length]);
      const known = pagesAreKept ? kept.get(key) : undefined;
      const one = known ?? (await open(visitor, options));
      one.noise = noise;
      if (pagesAreKept) kept.set(key, one);
      leave.push(() => (pagesAreKept ? empty(one.page) : one.page.context().close()));
      const size = options.viewport ?? viewport;
      if (known && size) await one.page.setViewportSize(size); // a test may have left it at another
      await one.page.goto(path);
      return one.page;
    });
    for (const each of leave) await each();
  },
});

async function empty(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.localStorage.clear();
    window.sessionStorage.clear();
  });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.mouse.move(0, 0);
  await page.goto('about:blank'); // it asks nothing more of a program that is about to stop
}

const unexpected = ({ heard, meant }: Noise) => heard.filter((line) => !meant.some((pattern) => pattern.test(line)));

function listen(context: BrowserContext, { host }: URL, hear: (line: string) => void): void {
  const leaves = (url: string) => !['data:', 'blob:'].includes(new URL(url).protocol) && new URL(url).host !== host;
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      hear(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => hear(`page error: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    if (leaves(request.url())) hear(`left its origin: ${request.method()} ${request.url()}`);
  });
  context.on('page', (page) =>
    page.on('websocket', (socket) => {
      if (leaves(socket.url())) hear(`left its origin: ${socket.url()}`);
    }),
  );
}
