import { z } from 'zod';
import type { JsonObject } from '@/lib/protocol/json';
import { searchConversation } from './conversation-search';
import { memoryTools } from './memory-tools';
import { messagingTools } from './messaging-tools';
import { pause } from './pace';
import { pythonRepr } from './python-text';
import type { ToolRecord } from './tool-store';
import { ToolFailure, type ToolRun, type ToolWork } from './tool-work';

export type ToolOutcome = {
  status: 'success' | 'error';
  text: string;
  stdout: string[] | null;
  stderr: string[] | null;
};

// Maps, because a custom tool may be called `constructor`.
const inProcess = new Map<string, ToolWork>([
  ...Object.entries(memoryTools),
  ['conversation_search', searchConversation],
]);
const inOwnProcess = new Map(Object.entries(messagingTools));

/** Custom code is never run here: what comes back says so, and what it was called with. */
const pretend = (tool: ToolRecord, args: JsonObject): string => {
  const given = Object.entries(args).map(([name, value]) => `${name}=${pythonRepr(value)}`);
  return `Simulated: ${tool.name}(${given.join(', ')}) would have run here. The sandbox runs no code.`;
};

/**
 * Runs a tool as the agent. Messaging and custom tools run in a process of their own on the real server, which takes
 * seconds: here `pace.toolMs`. A failure is an outcome; what is thrown is a bug or the end of this instance.
 */
export async function runTool(run: ToolRun, tool: ToolRecord | undefined): Promise<ToolOutcome> {
  if (!tool) return { status: 'error', text: 'Tool not found', stdout: null, stderr: null };
  const quick = inProcess.get(tool.name);
  const messaging = inOwnProcess.get(tool.name);
  try {
    if (quick) return { status: 'success', text: await quick(run), stdout: null, stderr: null };
    await pause(run.sandbox.pace.toolMs, run.sandbox.stopping);
    if (!messaging) return { status: 'success', text: pretend(tool, run.args), stdout: [], stderr: [] };
    const { text, stdout } = await messaging(run);
    return { status: 'success', text, stdout, stderr: [] };
  } catch (error) {
    return toOutcome(tool, error, quick === undefined);
  }
}

/** What a tool of the server's own returns is the bare message; one in another process, all that its stderr says. */
function toOutcome(tool: ToolRecord, error: unknown, ownProcess: boolean): ToolOutcome {
  const failure = error instanceof z.ZodError ? argumentProblem(tool, error) : error;
  if (!(failure instanceof ToolFailure)) throw error;
  // Python shows the text of a KeyError as a literal.
  const message = failure.type === 'KeyError' ? pythonRepr(failure.message) : failure.message;
  const line = `Error executing function ${tool.name}: ${failure.type}: ${message}`;
  return { status: 'error', text: ownProcess ? line : message, stdout: ownProcess ? [] : null, stderr: [line] };
}

function argumentProblem(tool: ToolRecord, { issues }: z.ZodError): ToolFailure {
  const names = issues.map((issue) => `'${issue.path.join('.')}'`);
  const count = `${names.length} required positional argument${names.length === 1 ? '' : 's'}`;
  return new ToolFailure('TypeError', `${tool.name}() missing ${count}: ${names.join(' and ')}`);
}
