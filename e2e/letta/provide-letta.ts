import type { TestProject } from 'vitest/node';
import { installLetta, LettaUnobtainable } from './install-letta';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether the real Letta server can be had on this machine. */
    lettaIsHere: boolean;
  }
}

/** Installs Letta before the tests. Where that cannot be, one line says why, and the tests are skipped. */
export async function setup(project: TestProject): Promise<void> {
  try {
    await installLetta({ log: say });
    project.provide('lettaIsHere', true);
  } catch (error) {
    if (!(error instanceof LettaUnobtainable)) throw error;
    say(`test:letta skipped: ${error.message.replaceAll(/\s+/g, ' ')}`);
    project.provide('lettaIsHere', false);
  }
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
