import { expectAccessible } from './accessible';
import { answered, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeAllKindsOfRows, scenes, visitorOf } from './scenes';
import type { Talk } from './scripted-agents';

const parley = parleyOfFile();
let talk: Talk;
test.use({ viewport: { width: 1440, height: 900 }, pagesAreKept: true });
test.beforeAll(async () => {
  talk = await makeAllKindsOfRows(parley);
});

for (const scene of scenes.filter(({ only = 'wide' }) => only === 'wide')) {
  test(`${scene.name} is accessible on a wide screen, by day and by night`, async ({ enter, expectNoise }) => {
    for (const status of scene.statuses ?? []) expectNoise(answered(status));
    const page = await enter(visitorOf(scene, parley.admin()), scene.path(talk));
    await scene.show(page, talk);
    await expectAccessible(page);
  });
}
