import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AgentId } from '@/lib/protocol/ids';
import type { Bench } from './gateway-contract-target';
import { defaultThread, say } from './gateway-contract-turn';

const nobody = AgentId.parse('agent-00000000-0000-4000-8000-0000000000ff');
const misshapen = AgentId.parse('no such id/?');
const unknown = { code: 'agent.not_found' };

/** Agents: made, found, changed and deleted, with their blocks, tools, tags and models. */
export function describeAgents({ target, gateway, agent }: Bench): void {
  describe('agents', () => {
    it('says that the server is well', async () => {
      await expect(gateway().check()).resolves.toHaveProperty('version');
    });

    it('offers the model', async () => {
      expect((await gateway().listModels()).map((model) => model.handle)).toContain(target().model);
    });

    it('makes an agent with exactly its blocks, tools and tags', async () => {
      const spec = {
        name: 'Alice',
        model: target().model,
        blocks: [
          { label: 'persona', value: 'I am Alice.\nI like “tea”.' },
          { label: 'plan', value: '', limit: 4_000 },
        ],
        tools: ['send_message_to_agent_async', 'core_memory_append'],
        tags: ['zebra', 'ant'],
      };
      const made = await gateway().createAgent(spec);
      expect(made).toMatchObject({ name: 'Alice', model: target().model, approvalTools: [], pending: null });
      expect(made.tools).toEqual(['core_memory_append', 'send_message_to_agent_async']);
      expect(made.tags).toEqual(['ant', 'zebra']);
      expect(made.blocks).toHaveLength(2);
      expect(made.blocks).toEqual(expect.arrayContaining(spec.blocks.map((block) => expect.objectContaining(block))));
      expect(await gateway().findAgent(made.id)).toEqual(made);
      expect(await gateway().listAgents()).toContainEqual(made);
    });

    it('takes the first model where none is named, and two agents of one name', async () => {
      const spec = { name: 'Twin', blocks: [], tools: [], tags: [] };
      const [first] = await gateway().listModels();
      const one = await gateway().createAgent(spec);
      const other = await gateway().createAgent(spec);
      expect([one.model, other.model]).toEqual([first?.handle, first?.handle]);
      expect(one.id).not.toBe(other.id);
    });

    it.each([
      ['tool', { tools: ['no_such_tool'] }, /no_such_tool/],
      ['model', { model: 'nowhere/nothing' }, /nowhere\/nothing/],
    ])('refuses an unknown %s in the engine’s words', async (_what, wrong, words) => {
      const spec = { name: 'Nobody', model: target().model, blocks: [], tools: [], tags: [], ...wrong };
      await expect(gateway().createAgent(spec)).rejects.toMatchObject({
        code: 'request.invalid',
        message: expect.stringMatching(words),
      });
    });

    it('finds nobody under an id that is not there, whatever its shape', async () => {
      expect(await gateway().findAgent(nobody)).toBeNull();
      expect(await gateway().findAgent(misshapen)).toBeNull();
    });

    it('finds agents by tag', async () => {
      const tag = `tag-${randomUUID()}`;
      const id = await agent({ tags: [tag, 'other'] });
      expect((await gateway().findAgentsByTag(tag)).map((found) => found.id)).toEqual([id]);
      expect(await gateway().findAgentsByTag(`tag-${randomUUID()}`)).toEqual([]);
    });

    it('changes what is named and nothing else', async () => {
      const id = await agent({ tools: ['core_memory_append'], tags: ['old'] });
      const renamed = await gateway().changeAgent(id, { name: 'New name' });
      expect(renamed).toMatchObject({ id, name: 'New name', tools: ['core_memory_append'], tags: ['old'] });
      const retooled = await gateway().changeAgent(id, { tools: ['core_memory_replace'], tags: ['new'] });
      expect(retooled).toMatchObject({ name: 'New name', tools: ['core_memory_replace'], tags: ['new'] });
      const noted = await gateway().changeAgent(id, {
        blocks: [
          { label: 'notes', value: 'rewritten' },
          { label: 'extra', value: 'added', limit: 300 },
        ],
      });
      expect(noted.blocks).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ label: 'notes', value: 'rewritten' }),
          expect.objectContaining({ label: 'extra', value: 'added', limit: 300 }),
        ]),
      );
      expect(noted).toMatchObject({ name: 'New name', tools: ['core_memory_replace'], tags: ['new'] });
      expect(await gateway().findAgent(id)).toEqual(noted);
    });

    it('takes all tools away', async () => {
      const id = await agent({ tools: ['core_memory_append'] });
      expect(await gateway().changeAgent(id, { tools: [] })).toMatchObject({ tools: [] });
    });

    it('refuses to change what is not there', async () => {
      await expect(gateway().changeAgent(nobody, { name: 'Ghost' })).rejects.toMatchObject(unknown);
      await expect(gateway().changeAgent(nobody, { blocks: [{ label: 'a', value: 'b' }] })).rejects.toMatchObject(
        unknown,
      );
      await expect(gateway().changeAgent(await agent(), { tools: ['no_such_tool'] })).rejects.toMatchObject({
        code: 'request.invalid',
        message: expect.stringContaining('no_such_tool'),
      });
    });

    it('[LF11] sets and unsets which tools wait for an answer', async () => {
      const id = await agent({ tools: ['core_memory_append', 'send_message_to_agent_async'] });
      const rules = async () => (await gateway().findAgent(id))?.approvalTools;
      await gateway().setApproval(id, 'send_message_to_agent_async', true);
      await gateway().setApproval(id, 'send_message_to_agent_async', true);
      expect(await rules()).toEqual(['send_message_to_agent_async']);
      await gateway().setApproval(id, 'core_memory_append', true);
      expect(await rules()).toEqual(['core_memory_append', 'send_message_to_agent_async']);
      await gateway().setApproval(id, 'send_message_to_agent_async', false);
      await gateway().setApproval(id, 'send_message_to_agent_async', false);
      expect(await rules()).toEqual(['core_memory_append']);
      await expect(gateway().setApproval(nobody, 'core_memory_append', true)).rejects.toMatchObject(unknown);
    });

    it('deletes an agent with everything it said', async () => {
      const id = await agent();
      await gateway().deleteAgent(id);
      expect(await gateway().findAgent(id)).toBeNull();
      const thread = defaultThread(id);
      await expect(gateway().deleteAgent(id)).rejects.toMatchObject(unknown);
      await expect(gateway().listMessages(thread, { limit: 10 })).rejects.toMatchObject(unknown);
      await expect(gateway().findPendingApproval(thread)).rejects.toMatchObject(unknown);
      await expect(say(gateway(), id, 'Anybody there?')).rejects.toMatchObject(unknown);
      expect(await gateway().listRuns(id, new Date(0))).toEqual([]);
    });

    it('lists more agents than a page holds, each once', async () => {
      const tag = `crowd-${randomUUID()}`;
      const made = new Set<AgentId>();
      while (made.size < 104) {
        const few = await Promise.all([agent, agent, agent, agent].map((make) => make({ tags: [tag] })));
        for (const id of few) made.add(id);
      }
      const listed = (await gateway().findAgentsByTag(tag)).map((found) => found.id);
      expect(listed).toHaveLength(104);
      expect(new Set(listed)).toEqual(made);
      await Promise.all([...made].map((id) => gateway().deleteAgent(id)));
    }, 120_000);
  });
}
