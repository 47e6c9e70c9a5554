import { AppError } from '@/lib/protocol/errors';
import type { Runtime } from '../runtime';

type Ask<T> = (
  gateway: ReturnType<Runtime['letta']['require']>['gateway'],
  server: ReturnType<Runtime['letta']['list']>[number],
) => Promise<T>;

/** Asks every one of these servers that is connected. One that fails is left out as long as another answers. */
export async function onConnected<T>(rt: Runtime, ask: Ask<T>, known = rt.letta.list()): Promise<T[]> {
  const servers = known.filter((server) => server.state === 'connected');
  const answers = await Promise.allSettled(servers.map((server) => ask(rt.letta.require(server.name).gateway, server)));
  const good = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const bad = answers.find((answer) => answer.status === 'rejected');
  if (good.length === 0 && bad)
    throw bad.reason instanceof Error ? bad.reason : new AppError('engine.unavailable', String(bad.reason));
  return good;
}
