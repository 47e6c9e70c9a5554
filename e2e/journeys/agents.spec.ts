import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTalk } from './scripted-agents';

const parley = parleyOfFile();

test('an agent is made with what the form says, and its memory is changed in place', async ({ enter }) => {
  const page = await enter(parley.admin(), '/agents');
  const form = page.getByRole('dialog', { name: 'Create an agent' });
  await expect(async () => {
    await page.keyboard.press('n'); // nobody listens before the page has come to life
    await expect(form).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await form.getByLabel('Name', { exact: true }).fill('Scout');
  await form.getByLabel('Model').selectOption('sandbox/scripted');
  await form.getByLabel('Persona').fill('I am Scout, and I look around.');
  await form.getByRole('button', { name: 'Another block' }).click();
  await form.getByLabel('Label of the block').fill('project_notes');
  await form.getByLabel('Its value').fill('Nothing yet.');
  await form.getByLabel('send_message_to_agent_and_wait_for_reply').check();
  await form.getByRole('textbox', { name: 'Tags' }).fill('research, weekly');
  await form.getByRole('button', { name: 'Create' }).click();

  await expect(page.getByRole('heading', { level: 2, name: 'Scout' })).toBeVisible();
  const block = (label: string) => page.getByRole('region', { name: label, exact: true });
  await expect(block('persona')).toContainText('I am Scout, and I look around.');
  await expect(block('project_notes')).toContainText('Nothing yet.');
  const details = page.getByRole('region', { name: 'Details' });
  for (const word of [
    'sandbox/scripted',
    'Sandbox',
    'send_message_to_agent_and_wait_for_reply',
    'research',
    'weekly',
  ]) {
    await expect(details).toContainText(word);
  }

  await page.keyboard.press('e');
  const edit = page.getByRole('dialog', { name: 'Edit Scout' });
  await edit.getByLabel('project_notes').fill('The harbour is closed on Mondays.');
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await expect(block('project_notes')).toContainText('The harbour is closed on Mondays.');
  await page.reload();
  await expect(block('project_notes')).toContainText('The harbour is closed on Mondays.');
  await expect(block('persona')).toContainText('I am Scout, and I look around.');

  await test.step('what the agent writes while the form stands open is not overwritten', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await edit.getByRole('textbox', { name: 'Tags' }).fill('harbour');
    const blocks = [{ label: 'persona', value: 'I am Scout, and I have moved.' }];
    const path = `/api${new URL(page.url()).pathname}`;
    await parley.api().ask({ method: 'PATCH', path, body: { blocks } });
    await page.mouse.click(5, 600); // beside it: what was typed stays
    await edit.getByRole('button', { name: 'Save' }).click();
    await expect(edit).toBeHidden();
    await expect(details).toContainText('harbour');
    await expect(block('persona')).toContainText('I am Scout, and I have moved.');
  });
});

test('what is missing in the form is said at its field, and nothing is made', async ({ enter }) => {
  const page = await enter(parley.admin(), '/agents?new=true');
  const form = page.getByRole('dialog', { name: 'Create an agent' });
  await form.getByRole('button', { name: 'Another block' }).click();
  await form.getByRole('button', { name: 'Create' }).click();
  const name = form.getByLabel('Name', { exact: true });
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toHaveAccessibleDescription(/\w/);
  await expect(name).toBeFocused();
  await expect(form.getByLabel('Label of the block')).toHaveAttribute('aria-invalid', 'true');
  await name.fill('Named now');
  await expect(name).not.toHaveAttribute('aria-invalid', 'true');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByRole('link', { name: 'Named now' })).toHaveCount(0);
});

test('an agent is deleted after a question, and its conversation stops and says why', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(404)); // who still shows it may ask for it once more
  const { id, title } = await makeTalk(parley.api(), 'Short talk', { names: ['Gus', 'Hal'] });
  const [page, watcher] = [await enter(parley.admin(), '/agents'), await enter(parley.admin(), `/conversations/${id}`)];
  await expect(watcher.getByLabel('Message Hal')).toBeVisible();
  await page.getByRole('link', { name: 'Hal' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog', { name: 'Delete Hal?' });
  await expect(question).toContainText('It sits in a conversation that is open: it stops.');
  await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await expect(page.getByRole('heading', { level: 2, name: 'Hal' })).toBeVisible();

  await page.getByRole('button', { name: 'Delete' }).click();
  await question.getByRole('button', { name: 'Delete Hal' }).click();
  await expect(page).toHaveURL(/\/agents$/);
  await expect(page.getByRole('link', { name: 'Gus' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Hal' })).toHaveCount(0);
  await expect(watcher.getByText('Stopped. Hal was deleted.')).toBeVisible();
  await expect(watcher.getByLabel(/^Message /)).toHaveCount(0);
  await page.goto('/conversations?state=stopped');
  await expect(page.getByRole('listitem').filter({ hasText: title })).toContainText('Hal was deleted.');
});

test('an address without an agent, a task or a conversation behind it says so and leads on', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(404));
  const page = await enter(parley.admin(), '/agents/agent-00000000-0000-4000-8000-000000000000');
  await expect(page.getByText('There is no such agent.')).toBeVisible();
  await page.goto('/tasks/00000000-0000-7000-8000-000000000000');
  await expect(page.getByText('There is no such task.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'All tasks' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  await page.goto('/conversations/00000000-0000-7000-8000-000000000000');
  await expect(page.getByText('There is no such conversation.')).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'All conversations' }).click();
  await expect(page).toHaveURL(/\/conversations$/);
  const answer = await page.goto('/nowhere');
  expect(answer?.status()).toBe(404);
  await page.getByRole('link', { name: 'To the overview' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});
