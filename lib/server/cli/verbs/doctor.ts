import { parseArgs } from 'node:util';
import { checkDatabase, findDatabase } from '../doctor/check-database';
import { checkLetta } from '../doctor/check-letta';
import { checkBinaries, checkDataDirectory, checkNode } from '../doctor/check-machine';
import { checkPort } from '../doctor/check-port';
import type { Finding } from '../doctor/finding';
import { release } from '../doctor/release';
import type { Verb, VerbContext } from '../verb';

/** Exit code 1 when something is broken. Changes and starts nothing, but for `--release`. */
export const verb: Verb = {
  usage: 'npm run parley -- doctor [--release]',
  async run(args, context) {
    const { values } = parseArgs({ args, options: { release: { type: 'boolean' } } });
    if (values.release) return release(context);
    const findings = await examine(context);
    for (const finding of findings) context.print(toText(finding));
    const broken = findings.filter(({ state }) => state === 'broken').length;
    context.print(
      broken === 0 ? '\nNothing is broken.' : `\n${broken} ${broken === 1 ? 'thing is' : 'things are'} broken.`,
    );
    return broken === 0 ? 0 : 1;
  },
};

async function examine({ env, log }: VerbContext): Promise<Finding[]> {
  const database = findDatabase(env);
  const [binaries, databaseFindings, port, letta] = await Promise.all([
    checkBinaries(env),
    'connectionString' in database ? checkDatabase(database.connectionString, log) : [database],
    checkPort(env),
    checkLetta(env),
  ]);
  return [checkNode(), binaries, checkDataDirectory(env), ...databaseFindings, ...port, ...letta];
}

const MARK = { well: 'ok    ', note: 'note  ', broken: 'BROKEN' } as const;

const toText = (finding: Finding): string => {
  const line = `${MARK[finding.state]}  ${finding.about}: ${finding.said}`;
  return finding.state === 'broken' ? `${line}\n        → ${finding.todo}` : line;
};
