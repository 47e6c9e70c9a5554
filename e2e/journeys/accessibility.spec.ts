import { expectAccessible } from './accessible';
import { answered, test } from './journey';
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
