import type { Sandbox } from './sandbox-context';

/** Keeps work known to the instance until it is over, so that stopping can wait for it. */
export async function tracked<Result>(sandbox: Sandbox, work: Promise<Result>): Promise<Result> {
  const over = work.then(
    () => undefined,
    () => undefined,
  );
  sandbox.work.add(over);
  try {
    return await work;
  } finally {
    sandbox.work.delete(over);
  }
}
