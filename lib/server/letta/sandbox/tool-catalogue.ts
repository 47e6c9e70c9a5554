import type { JsonObject } from '@/lib/protocol/json';
import type { ToolRecord } from './tool-store';

type Parameter = { type: string; description: string; items?: { type: string } };

function builtIn(
  name: string,
  toolType: string,
  description: string,
  parameters: Record<string, Parameter>,
  optional: string[] = [],
): Omit<ToolRecord, 'id'> {
  const required = Object.keys(parameters).filter((parameter) => !optional.includes(parameter));
  const jsonSchema: JsonObject = {
    name,
    description,
    parameters: { type: 'object', properties: parameters, required },
  };
  return {
    name,
    toolType,
    description,
    sourceCode: null,
    sourceType: 'python',
    jsonSchema,
    tags: [toolType],
    defaultRequiresApproval: null,
  };
}

const text = (description: string): Parameter => ({ type: 'string', description });
const texts = (description: string): Parameter => ({ type: 'array', description, items: { type: 'string' } });
const label = text('Label of the memory block.');

/**
 * The built-in tools that the sandbox has, each with its real effect. The real server seeds 26; those that would need
 * the network, files or embeddings are left out rather than pretended.
 */
export const builtInTools: readonly Omit<ToolRecord, 'id'>[] = [
  builtIn(
    'send_message_to_agent_and_wait_for_reply',
    'letta_multi_agent_core',
    'Sends a message to another agent and waits for what it answers. The receiver is told who sent it.',
    { message: text('What to say.'), other_agent_id: text('Id of the agent to reach.') },
  ),
  builtIn(
    'send_message_to_agents_matching_tags',
    'letta_multi_agent_core',
    'Sends a message to every agent that carries all tags of one list and at least one of the other; collects the answers.',
    {
      message: text('What to say.'),
      match_all: texts('Tags that an agent must all carry.'),
      match_some: texts('Tags of which an agent must carry at least one.'),
    },
  ),
  builtIn(
    'send_message_to_agent_async',
    'letta_multi_agent_core',
    'Sends a message to another agent without expecting an answer. The receiver is told who sent it.',
    { message: text('What to say.'), other_agent_id: text('Id of the agent to reach.') },
  ),
  builtIn(
    'conversation_search',
    'letta_core',
    'Looks for a text in everything that was said with this agent.',
    { query: text('Text to look for.'), limit: { type: 'integer', description: 'How many results at most.' } },
    ['limit'],
  ),
  builtIn('core_memory_append', 'letta_memory_core', 'Adds a line to a memory block.', {
    label,
    content: text('What to add.'),
  }),
  builtIn('core_memory_replace', 'letta_memory_core', 'Replaces a text in a memory block.', {
    label,
    old_content: text('Text to replace, to the letter.'),
    new_content: text('Text to put in its place.'),
  }),
  builtIn('memory_replace', 'letta_sleeptime_core', 'Replaces a text that occurs once in a memory block.', {
    label,
    old_string: text('Text to replace; it must occur exactly once.'),
    new_string: text('Text to put in its place.'),
  }),
  builtIn(
    'memory_insert',
    'letta_sleeptime_core',
    'Puts lines into a memory block.',
    {
      label,
      new_string: text('Lines to put in.'),
      insert_line: { type: 'integer', description: 'After which line; -1 is the end.' },
    },
    ['insert_line'],
  ),
];

export const baseTools = ['conversation_search', 'memory_insert', 'memory_replace'];

export const multiAgentTools = builtInTools
  .filter((tool) => tool.toolType === 'letta_multi_agent_core')
  .map((tool) => tool.name);

/** Tools for which the server makes rules of its own when it makes an agent. */
export const continuingTools = [
  'conversation_search',
  'core_memory_append',
  'core_memory_replace',
  'memory_insert',
  'memory_replace',
];
export const terminalTools = ['send_message_to_agent_async'];

const SOURCE_NAME = /^\s*(?:async\s+)?def\s+([A-Za-z_]\w*)\s*\(([^)]*)\)/m;
const PYTHON_TYPES = new Map([
  ['int', 'integer'],
  ['float', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['dict', 'object'],
]);

/** Name and schema of a custom tool as its Python signature gives them; null when there is no function in the source. */
export function schemaOfSource(source: string): { name: string; schema: JsonObject } | null {
  const match = SOURCE_NAME.exec(source);
  if (!match) return null;
  const [, name = '', signature = ''] = match;
  const parameters = signature
    .split(',')
    .map((parameter) => parameter.trim())
    .filter(Boolean);
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const parameter of parameters) {
    const [declared = '', fallback] = parameter.split('=');
    const [key = '', type = 'str'] = declared.split(':').map((part) => part.trim());
    properties[key] = { type: PYTHON_TYPES.get(type.replace(/\[.*$/, '').toLowerCase()) ?? 'string' };
    if (fallback === undefined) required.push(key);
  }
  return { name, schema: { name, parameters: { type: 'object', properties, required } } };
}
