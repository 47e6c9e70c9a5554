import type { JsonObject } from '@/lib/protocol/json';
import { JsonObject as JsonObjectSchema } from '@/lib/protocol/json';
import { newLettaId } from './letta-id';
import { pythonJson, pythonRepr } from './python-text';
import { runTool, type ToolOutcome } from './run-tool';
import type { Sandbox } from './sandbox-context';
import type { DraftMessage, StoredCall, StoredReturn } from './stored-message';
import type { Turn } from './turn';

/** Arguments as the server reads them: whatever is no JSON object counts as none. */
function parseArguments(text: string): JsonObject {
  try {
    return JsonObjectSchema.catch({}).parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

type Options = {
  /** Whether calling a tool that the agent does not have is an error of the model (it is not once approved). */
  checkAttached: boolean;
  /** Returns that are there already, and come first. */
  given?: StoredReturn[];
};

type Executed = { calls: StoredCall[]; returned: DraftMessage };

/**
 * Runs calls one after the other and makes the one message that carries all their returns, named after the first call.
 * The calls come back with their arguments rewritten by the server.
 */
export async function executeCalls(
  sandbox: Sandbox,
  turn: Pick<Turn, 'agent' | 'tools'>,
  calls: StoredCall[],
  { checkAttached, given = [] }: Options,
): Promise<Executed> {
  const rewritten: StoredCall[] = [];
  const returns: StoredReturn[] = [...given];
  const names = turn.tools.map((tool) => tool.name);
  for (const call of calls) {
    const args = parseArguments(call.arguments);
    rewritten.push({ ...call, arguments: pythonJson(args) });
    const tool = turn.tools.find((candidate) => candidate.name === call.name);
    const outcome: ToolOutcome =
      checkAttached && !tool ? notOffered(call.name, names) : await runTool({ sandbox, agent: turn.agent, args }, tool);
    returns.push({ callId: call.id, ...outcome });
  }
  const body = { role: 'tool' as const, name: calls[0]?.name ?? null, returns };
  return { calls: rewritten, returned: { id: newLettaId('message'), body } };
}

const notOffered = (name: string, valid: string[]): ToolOutcome => ({
  status: 'error',
  text: `[ToolConstraintError] Cannot call ${name}, valid tools include: ${pythonRepr(valid)}.`,
  stdout: null,
  stderr: null,
});
