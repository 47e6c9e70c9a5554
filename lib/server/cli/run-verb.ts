import { errorCode } from '@/lib/server/boot/error-code';
import { readEnv } from '@/lib/server/env';
import { createLog } from '@/lib/server/log';
import type { Verb } from './verb';
import { verbs } from './verbs';

/**
 * Runs `parley <words>` and resolves with its exit code: 2 for a wrong call, else what the command says.
 * The command is the one with the most words that `words` begin with, so that `key` and `key create` may both be one.
 */
export async function runVerb(words: string[]): Promise<number> {
  const [first] = words;
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    process.stdout.write(helpText());
    return first === undefined ? 2 : 0;
  }
  const name = Object.keys(verbs)
    .filter((candidate) => candidate.split(' ').every((word, index) => word === words[index]))
    .sort((a, b) => b.length - a.length)[0];
  const entry = name === undefined ? undefined : verbs[name];
  if (name === undefined || !entry) {
    process.stderr.write(`parley: there is no command \`${words.join(' ')}\`.\n\n${helpText()}`);
    return 2;
  }
  const { verb } = await entry.load();
  return call(verb, words.slice(name.split(' ').length));
}

async function call(verb: Verb, args: string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`usage: ${verb.usage}\n`);
    return 0;
  }
  const env = readEnv();
  const log = createLog({ logLevel: env.logLevel === 'info' ? 'warn' : env.logLevel }, process.stderr);
  try {
    return await verb.run(args, { env, log, print: (line) => void process.stdout.write(`${line}\n`) });
  } catch (error) {
    if (!(error instanceof Error) || !errorCode(error)?.startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`parley: ${error.message}\nusage: ${verb.usage}\n`);
    return 2;
  }
}

function helpText(): string {
  const width = Math.max(...Object.keys(verbs).map((name) => name.length));
  const lines = Object.entries(verbs).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'usage: npm run parley -- <command> [options]',
    '',
    ...lines,
    '',
    'Add --help to a command for its options.',
    '',
  ].join('\n');
}
