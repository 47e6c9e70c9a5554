import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTask } from './task-makers';

const parley = parleyOfFile();

test('what is shown stands in the address: however fast it is typed, after back and reload, until the place is opened anew', async ({
  enter,
}) => {
  for (const command of ['/the-first', '/the-second']) await makeTask(parley.api(), command);
  const page = await enter(parley.admin(), '/tasks?group=none&view=nonsense');
  const links = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').getByRole('link');
  const field = page.getByRole('searchbox', { name: 'Filter tasks' });
  const search = () => new URL(page.url()).search;
  await expect(links).toHaveText(['/the-second', '/the-first']);

  const entries = await page.evaluate(() => history.length);
  await field.pressSequentially('a-second-and-more');
  await expect(field).toHaveValue('a-second-and-more');
  for (let letter = 'a-second-and-more'.length; letter > 'a-second'.length; letter -= 1) await field.press('Backspace');
  await field.press('Home');
  await field.press('Delete');
  await expect(field).toHaveValue('-second');
  await expect(links).toHaveText(['/the-second']);
  await expect.poll(search).toBe('?group=none&view=nonsense&q=-second');
  expect(await page.evaluate(() => history.length)).toBe(entries);

  await links.click();
  await expect(page.getByRole('heading', { level: 1, name: '/the-second' })).toBeVisible();
  await page.goBack();
  await expect(field).toHaveValue('-second');
  await expect(links).toHaveText(['/the-second']);
  await page.reload();
  await expect(links).toHaveText(['/the-second']);

  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Tasks' }).click();
  await expect(links).toHaveCount(2);
  await expect(field).toHaveValue('');
  expect(search()).toBe('');
  await page.goBack();
  await expect(field).toHaveValue('-second');
  await expect(links).toHaveText(['/the-second']);
});
