import { isLettaId, type LettaKind, lettaIdPattern } from './letta-id';
import { LettaRefusal } from './letta-refusal';
import { pythonRepr, pythonTuple } from './python-text';

/** Members of paths whose shape the server checks before anything else. Ids of runs are not among them. */
const SHAPES: Record<string, LettaKind> = {
  agentId: 'agent',
  blockId: 'block',
  toolId: 'tool',
  messageId: 'message',
};

function wrongShape(name: string, kind: LettaKind, value: string): LettaRefusal {
  const parameter = name.replace('Id', '_id');
  const issue =
    `{'type': 'string_pattern_mismatch', 'loc': ${pythonTuple(['path', parameter])}, ` +
    `'msg': "String should match pattern '${kind}-{uuid4}'", 'input': ${pythonRepr(value)}, 'ctx': {'pattern': ${pythonRepr(lettaIdPattern(kind))}}}`;
  const body = { trace_id: '', detail: `[${issue}]`, examples: [`${kind}-123e4567-e89b-42d3-8456-426614174000`] };
  return new LettaRefusal(422, body, body.detail);
}

/** Throws 422 for a member that has not the shape of an id of its kind. */
export function checkShapes(params: Record<string, string>): void {
  for (const [name, value] of Object.entries(params)) {
    const kind = SHAPES[name];
    if (kind && !isLettaId(kind, value)) throw wrongShape(name, kind, value);
    const fits = value === 'default' || isLettaId('conv', value) || isLettaId('agent', value);
    if (name === 'conversationId' && !fits) throw wrongShape(name, 'conv', value);
  }
}
