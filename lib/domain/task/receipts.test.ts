import { expect, test } from 'vitest';
import { createTaskWorld, type TaskWorld } from '@/lib/testing/task-world';

test('[TK16] a request for a sign needs no receipt: whatever comes is the sign', () => {
  const world = createTaskWorld();
  world.report('INITIALIZATION');
  world.pass(61_000);
  world.push();
  world.pass(11_000);
  world.report('PROGRESS_UPDATE');
  const asked = world
    .open()
    .filter(({ message }) => message.type === 'x-STATUS_REQUEST' && message.missing === undefined);
  expect(asked).toEqual([]);
});

const pushed = () => {
  const world = createTaskWorld();
  world.report('INITIALIZATION');
  world.instruct('Europe first');
  return { world, ids: world.push() };
};
/** What a word is answered with beside requests for what it left out, and what it leaves open of the instruction. */
const told = (world: TaskWorld, seen?: ReadonlySet<string>) => {
  const decision = world.report('PROGRESS_UPDATE', {}, undefined, seen);
  const given = decision.kind === 'accepted' ? decision.instructions.filter(isOurs) : [];
  return { given, open: world.open().filter(({ message }) => isOurs(message)) };
};
const isOurs = ({ type }: { type: string }) => type === 'x-INSTRUCTION';

test('[TK16] a word acknowledges what came over its own socket, and nothing that another one may have lost', () => {
  const { world, ids } = pushed();
  world.pass(1_000);
  expect(told(world)).toMatchObject({ given: [], open: [{ status: 'delivered' }] });
  world.pass(1_000);
  expect(told(world, ids)).toEqual({ given: [], open: [] });
});

test('[TK16] [TK18] what was pushed and shown by nobody for 10 s goes along with an answer, marked so, once', () => {
  const { world } = pushed();
  world.pass(10_000);
  expect(told(world)).toMatchObject({ given: [{ content: 'Europe first', redelivered: true }] });
  world.pass(1_000);
  expect(told(world)).toEqual({ given: [], open: [] });
});
