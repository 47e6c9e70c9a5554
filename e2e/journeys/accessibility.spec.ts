import { expectAccessible } from './accessible';
import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeAllKindsOfRows, scenes, visitorOf } from './scenes';
import type { Talk } from './scripted-agents';

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

const parley = parleyOfFile();
let talk: Talk;
test.use({ viewport: WIDE, pagesAreKept: true });
test.beforeAll(async () => {
  talk = await makeAllKindsOfRows(parley);
});

// What stands on one width is shown there. Everything else is shown on the wide screen, which then becomes narrow.
for (const scene of scenes) {
  const name = `${scene.name} is accessible${scene.only ? ` on a ${scene.only} screen` : ''}, by day and by night`;
  test(name, async ({ enter, expectNoise }) => {
    for (const status of scene.statuses ?? []) expectNoise(answered(status));
    const page = await enter(visitorOf(scene, parley.admin()), scene.path(talk), {
      viewport: scene.only === 'narrow' ? NARROW : WIDE,
    });
    await scene.show(page, talk);
    await expectAccessible(page);
    if (scene.only) return;
    await page.setViewportSize(NARROW);
    await expectAccessible(page);
  });
}

test('whoever asks for more contrast, or for colours of their own, sees borders and what is chosen', async ({
  enter,
}) => {
  const page = await enter(parley.admin(), '/conversations');
  const search = page.getByRole('searchbox', { name: 'Filter conversations' });
  const borderOf = () => search.evaluate((field) => getComputedStyle(field).borderTopColor);
  const usual = await borderOf();
  await page.emulateMedia({ contrast: 'more' });
  expect(await borderOf()).not.toBe(usual);
  await expectAccessible(page);
  await page.emulateMedia({ contrast: null, forcedColors: 'active' });
  for (const chosen of [
    page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Conversations' }),
    page.getByRole('radio', { name: /^All/ }),
  ]) {
    await expect(chosen).toHaveCSS('outline-style', 'solid');
  }
  await page.emulateMedia({ forcedColors: null });
});
