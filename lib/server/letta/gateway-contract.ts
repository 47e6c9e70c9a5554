import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Gateway } from './gateway';
import { describeAgents } from './gateway-contract-agents';
import { describeApprovals } from './gateway-contract-approvals';
import { describeCarriage } from './gateway-contract-carriage';
import { describeFailures } from './gateway-contract-failures';
import { describeHistory } from './gateway-contract-history';
import { describeParallelCalls } from './gateway-contract-parallel';
import type { Bench, GatewayTarget } from './gateway-contract-target';
import { describeThreads } from './gateway-contract-threads';
import { describeTurns } from './gateway-contract-turns';

const START_MS = 600_000;

/**
 * What every adapter promises on every server, as tests. The same suite runs on the sandbox and on the real thing:
 * where they differ, the sandbox is wrong. `setup` starts the server, or finds it, and says how to make its model act.
 */
export function describeGateway(name: string, setup: () => Promise<GatewayTarget>): void {
  describe(name, () => {
    let target: GatewayTarget | null = null;
    let gateway: Gateway | null = null;

    beforeAll(async () => {
      target = await setup();
      gateway = target.connect();
    }, START_MS);
    afterAll(async () => {
      await target?.stop();
    }, START_MS);

    const bench: Bench = {
      target: () => present(target),
      gateway: () => present(gateway),
      agent: async ({ name: called, tools = [], approve = [], tags = [] } = {}) => {
        const { id } = await present(gateway).createAgent({
          name: called ?? `agent ${randomUUID().slice(0, 8)}`,
          model: present(target).model,
          blocks: [{ label: 'notes', value: 'nothing yet' }],
          tools: [...new Set([...tools, ...approve])],
          tags,
        });
        for (const tool of approve) await present(gateway).setApproval(id, tool, true);
        return id;
      },
    };

    describeAgents(bench);
    describeTurns(bench);
    describeHistory(bench);
    describeApprovals(bench);
    describeParallelCalls(bench);
    describeThreads(bench);
    describeCarriage(bench);
    describeFailures(bench);
  });
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('the target of the contract is not set up');
  return value;
}
