import { z } from 'zod';
import { type BlockRecord, blocksOf, changeBlock } from './block-store';
import { ToolFailure, type ToolRun, type ToolWork } from './tool-work';

const READ_ONLY = 'Error: This block is read-only and cannot be edited.';

async function requireBlock({ sandbox, agent }: ToolRun, label: string): Promise<BlockRecord> {
  const blocks = (await blocksOf(sandbox, [agent.id])).get(agent.id) ?? [];
  const block = blocks.find((candidate) => candidate.label === label);
  if (!block) {
    const known = blocks.map((candidate) => candidate.label).join(', ');
    throw new ToolFailure('KeyError', `Block field ${label} does not exist (available sections = ${known})`);
  }
  if (block.readOnly) throw new ToolFailure('ValueError', READ_ONLY);
  return block;
}

/** Writes what `edit` makes of the block's value, and returns it, as the server's memory tools do. */
async function editBlock(run: ToolRun, label: string, edit: (value: string) => string): Promise<string> {
  const block = await requireBlock(run, label);
  const value = edit(block.value);
  await changeBlock(run.sandbox, block.id, { value });
  return value;
}

const Append = z.object({ label: z.string(), content: z.string() });
const CoreReplace = z.object({ label: z.string(), old_content: z.string(), new_content: z.string() });
const Replace = z.object({ label: z.string(), old_string: z.string(), new_string: z.string() });
const Insert = z.object({ label: z.string(), new_string: z.string(), insert_line: z.number().int().default(-1) });

function replaceOnce(value: string, from: string, to: string, label: string): string {
  const parts = value.split(from);
  if (parts.length === 1) {
    throw new ToolFailure(
      'ValueError',
      `No replacement was performed, old_string \`${from}\` did not appear verbatim in memory block with label \`${label}\`.`,
    );
  }
  if (parts.length > 2) {
    throw new ToolFailure(
      'ValueError',
      `No replacement was performed. Multiple occurrences of old_string \`${from}\`. Please ensure it is unique.`,
    );
  }
  return parts.join(to);
}

function insertLines(value: string, lines: string, after: number): string {
  const all = value.split('\n');
  if (after < -1 || after > all.length) {
    throw new ToolFailure(
      'ValueError',
      `Invalid \`insert_line\` parameter: ${after}. It should be within [0, ${all.length}], or -1.`,
    );
  }
  return all.toSpliced(after === -1 ? all.length : after, 0, ...lines.split('\n')).join('\n');
}

/** The memory tools, by name: they edit the agent's blocks and return the new value. */
export const memoryTools: Record<string, ToolWork> = {
  core_memory_append: (run) => {
    const { label, content } = Append.parse(run.args);
    return editBlock(run, label, (value) => `${value}\n${content}`);
  },
  core_memory_replace: (run) => {
    const { label, old_content: from, new_content: to } = CoreReplace.parse(run.args);
    return editBlock(run, label, (value) => {
      if (value.includes(from)) return value.replaceAll(from, () => to);
      throw new ToolFailure('ValueError', `Old content '${from}' not found in memory block '${label}'`);
    });
  },
  memory_replace: (run) => {
    const { label, old_string: from, new_string: to } = Replace.parse(run.args);
    return editBlock(run, label, (value) => replaceOnce(value, from, to, label));
  },
  memory_insert: (run) => {
    const { label, new_string: lines, insert_line: after } = Insert.parse(run.args);
    return editBlock(run, label, (value) => insertLines(value, lines, after));
  },
};
