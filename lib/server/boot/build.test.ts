import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { startProgram } from '@/lib/testing/start-program';
import { isAlive } from './process-identity';
import { projectRoot } from './project-root';

/** Stands where `next build` stands: notes that it ran, and is as slow or as wrong as the project's file `how` says. */
const NEXT = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
appendFileSync('runs', process.argv.slice(2).join(' ') + ' ' + process.env.NODE_ENV + ' ' + process.env.LETTA_API_KEY + '\\n');
const how = existsSync('how') ? readFileSync('how', 'utf8') : '';
if (how === 'fail') { console.error('Type error: no'); process.exit(3); }
const finish = () => { mkdirSync('.next', { recursive: true }); writeFileSync('.next/BUILD_ID', 'x'); writeFileSync('next-env.d.ts', '// by next'); };
if (how === 'wait') { writeFileSync('building', String(process.pid)); setInterval(() => existsSync('go') && (finish(), process.exit()), 20); }
else finish();
`;
const SCHEMA = `generator client {
  provider = "prisma-client"
  output   = "../lib/server/database/generated"
}
datasource db {
  provider = "postgresql"
}
model Thing {
  id String @id
}
`;

let root: string;
const at = (path: string) => join(root, path);
const write = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const runs = () => (existsSync(at('runs')) ? readFileSync(at('runs'), 'utf8').trim().split('\n') : []);
const start = (what: 'build' | 'generate') =>
  startProgram('lib/testing/boot-step-program.ts', [what, root], { env: { LETTA_API_KEY: 'hush' } });

async function run(what: 'build' | 'generate'): Promise<string> {
  const program = start(what);
  expect(await program.exited, program.stderr()).toBe(0);
  return program.stdout();
}

beforeEach(() => {
  root = temporaryDirectory();
  write('node_modules/next/dist/bin/next', NEXT);
  write('app/page.tsx', 'export default function Page() {}');
  write('package.json', '{}');
  write('next.config.ts', 'export default {}');
  return undefined;
});

test('the pages are built once, in production mode and without our secrets', async () => {
  expect(await run('build')).toContain('made');
  const again = await run('build');
  expect(again).toBe('kept\n');
  expect(runs()).toEqual(['build production undefined']);
});

const makes = [
  'app/page.tsx',
  'lib/server/new.ts',
  'package-lock.json',
  'next.config.ts',
  'server.ts',
  'public/icon.svg',
];
const keeps = [
  'lib/server/new.test.ts',
  'lib/testing/thing.ts',
  'README.md',
  'lib/server/database/generated/client.ts',
];

test('a change of what they are made from builds them again, and no other does', async () => {
  await run('build');
  for (const path of [...makes, ...keeps]) {
    write(path, '// changed');
    expect((await run('build')).trim().split('\n').at(-1), path).toBe(makes.includes(path) ? 'made' : 'kept');
  }
}, 60_000);

test('pages that went missing are built again', async () => {
  await run('build');
  rmSync(at('.next/BUILD_ID'));
  expect(await run('build')).toContain('made');
});

test('a build that fails stops the start with exit code 1, its own words and no stack, and is tried again', async () => {
  write('how', 'fail');
  const program = start('build');
  expect(await program.exited).toBe(1);
  expect(program.stderr()).toMatch(/Type error: no\n[\s\S]*building the pages failed \(exit code 3\)/);
  expect(program.stderr()).not.toContain('    at ');
  rmSync(at('how'));
  expect(await run('build')).toContain('made');
});

test('after kill -9 in mid-build the next start waits for the builder that is left, and then builds', async () => {
  write('how', 'wait');
  const killed = start('build');
  await expect.poll(() => existsSync(at('building')), { timeout: 10_000 }).toBe(true);
  const builder = Number(readFileSync(at('building'), 'utf8'));
  killed.kill('SIGKILL');
  const next = start('build');
  await next.says(new RegExp(`Waiting for process ${builder}`));
  rmSync(at('how'));
  write('go', '');
  expect(await next.exited).toBe(0);
  expect(isAlive(builder)).toBe(false);
  expect(runs()).toHaveLength(2);
  expect(await run('build')).toBe('kept\n');
});

test('two starts at once build once', async () => {
  const programs = [start('build'), start('build')];
  await Promise.all(programs.map((program) => program.exited));
  expect(programs.map((program) => program.stdout().trim().split('\n').at(-1)).sort()).toEqual(['kept', 'made']);
  expect(runs()).toHaveLength(1);
});

test('the database client is generated without a download, again when the schema changes, and over what a killed run left', async () => {
  rmSync(at('node_modules'), { recursive: true });
  symlinkSync(join(projectRoot(), 'node_modules'), at('node_modules'));
  write('prisma/schema.prisma', SCHEMA);
  write('prisma.config.ts', readFileSync(join(projectRoot(), 'prisma.config.ts'), 'utf8'));
  expect(await run('generate')).toContain('made');
  expect(existsSync(at('lib/server/database/generated/client.ts'))).toBe(true);
  expect(await run('generate')).toBe('kept\n');
  write('prisma/schema.prisma', SCHEMA.replace('Thing', 'Other'));
  rmSync(at('lib/server/database/generated/client.ts')); // half of a client: Prisma itself would refuse the directory
  rmSync(at('lib/server/database/generated/fingerprint'));
  expect(await run('generate')).toContain('made');
  expect(existsSync(at('lib/server/database/generated/models/Other.ts'))).toBe(true);
});
