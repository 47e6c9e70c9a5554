import { APIConnectionError, APIError } from '@letta-ai/letta-client';
import { describe, expect, it } from 'vitest';
import { isDown } from './connection-failure';
import { describeBody, toAppError } from './rest-failure';

const failed = (status: number, body: object) => APIError.generate(status, body, undefined, new Headers());

describe('what a server says is wrong', () => {
  it.each([
    [{ detail: 'Unauthorized' }, 'Unauthorized'],
    [{ detail: { code: 'PENDING_APPROVAL', message: 'CONFLICT: wait.', pending_request_id: 'm' } }, 'CONFLICT: wait.'],
    [
      { error: { type: 'llm_error', message: 'The model failed.', detail: 'Error code: 400' } },
      'The model failed. Error code: 400',
    ],
    [{ error: { message: 'Said once.', detail: 'Said once.' } }, 'Said once.'],
    [{ error: 'boom', code: 'INTERNAL_SERVER_ERROR' }, 'boom'],
    [{ message: 'An error occurred.', detail: null }, 'An error occurred.'],
    ['plain words', 'plain words'],
    [{ odd: 1 }, '{"odd":1}'],
    [undefined, null],
  ])('%j is put as %j', (body, words) => {
    expect(describeBody(body)).toBe(words);
  });

  it('is readable although it comes as a printed Python list', () => {
    const detail = `[{'type': 'string_pattern_mismatch', 'loc': ('path', 'agent_id'), 'msg': "String should match pattern 'agent-{uuid4}'", 'input': 'x'}, {'type': 'missing', 'loc': ('body',), 'msg': 'Field required', 'input': {}}]`;
    expect(describeBody({ trace_id: '', detail })).toBe(
      "path, agent_id: String should match pattern 'agent-{uuid4}'; body: Field required",
    );
  });
});

describe('the error that a failure becomes', () => {
  it.each([
    [401, {}, 'engine.refused'],
    [403, {}, 'engine.refused'],
    [400, {}, 'request.invalid'],
    [404, {}, 'request.invalid'],
    [422, {}, 'request.invalid'],
    [409, {}, 'engine.answered_badly'],
    [409, { sends: true }, 'agent.busy'],
    [500, {}, 'engine.answered_badly'],
    [500, { sends: true }, 'engine.unavailable'],
    [502, {}, 'engine.unavailable'],
    [503, {}, 'engine.unavailable'],
    [429, { sends: true }, 'engine.answered_badly'],
  ])('%i in %j is %s', (status, context, code) => {
    expect(toAppError(failed(status, { detail: 'words' }), context)).toMatchObject({ code, message: 'Letta: words' });
  });

  it('names the agent that is not there, and does not take everything that is missing for one', () => {
    const context = { agentId: 'agent-7' };
    expect(toAppError(failed(404, { detail: 'Agent with ID agent-7 not found' }), context)).toMatchObject({
      code: 'agent.not_found',
      message: 'Letta has no agent agent-7.',
    });
    const block = failed(404, { detail: "No block with label 'x' found for agent 'agent-7'" });
    expect(toAppError(block, context)).toMatchObject({ code: 'request.invalid' });
  });

  it('says why there is no connection', () => {
    const reason = new Error('connect ECONNREFUSED 127.0.0.1:1');
    const cause = new TypeError('fetch failed', { cause: reason });
    expect(toAppError(new APIConnectionError({ message: undefined, cause }))).toMatchObject({
      code: 'engine.unavailable',
      message: 'Letta cannot be reached: connect ECONNREFUSED 127.0.0.1:1',
    });
  });
});

describe('a connection that fails', () => {
  const failing = (code: string, syscall: string) => {
    const cause = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
    return new APIConnectionError({ message: 'Connection error.', cause: new TypeError('fetch failed', { cause }) });
  };

  it.each([
    ['ECONNREFUSED', 'connect', 'engine.not_reached', true],
    ['ENOTFOUND', 'getaddrinfo', 'engine.not_reached', false],
    ['ETIMEDOUT', 'connect', 'engine.not_reached', false],
    ['UND_ERR_CONNECT_TIMEOUT', '', 'engine.not_reached', false],
    ['CERT_HAS_EXPIRED', '', 'engine.not_reached', false],
    ['ECONNRESET', 'read', 'engine.unavailable', true],
    ['UND_ERR_SOCKET', '', 'engine.unavailable', true],
    ['ETIMEDOUT', 'read', 'engine.unavailable', false],
    ['UND_ERR_HEADERS_TIMEOUT', '', 'engine.unavailable', false],
  ])('[CV60] with %s (%s) leaves a send as %s', (code, syscall, expected, down) => {
    const error = failing(code, syscall);
    expect(toAppError(error, { sends: true }).code).toBe(expected);
    expect(toAppError(error).code).toBe('engine.unavailable');
    expect(isDown(toAppError(error))).toBe(down);
  });

  it('[CV60] at one of two addresses in the middle, and at the other before, is in doubt', () => {
    const [one, other] = [failing('ECONNREFUSED', 'connect'), failing('ECONNRESET', 'read')];
    const both = new APIConnectionError({ message: 'Connection error.', cause: new AggregateError([one, other]) });
    expect(toAppError(both, { sends: true }).code).toBe('engine.unavailable');
  });
});
