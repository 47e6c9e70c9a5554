import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTalk } from './scripted-agents';

const parley = parleyOfFile();

test('lists of conversations ask for no page that nobody has opened', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Kim and Lou', { names: ['Kim', 'Lou'], answer: 'Yes.' });
  const page = await enter(parley.admin(), '/tasks');
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === `/conversations/${talk.id}`) asked.push(request.url());
  });
  const places = page.getByRole('navigation', { name: 'Places' });
  for (const place of ['Overview', 'Conversations']) {
    await places.getByRole('link', { name: place }).click();
    await expect(page.getByRole('link', { name: 'Kim and Lou' })).toBeVisible();
    await page.waitForLoadState('networkidle');
  }
  expect(asked).toEqual([]);
  await page.getByRole('link', { name: 'Kim and Lou' }).click();
  await expect(page).toHaveURL(`/conversations/${talk.id}`);
  await expect.poll(() => asked.length).toBe(1);
});
