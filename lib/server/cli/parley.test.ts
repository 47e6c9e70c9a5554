import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '@/lib/server/boot/project-root';
import { childEnvironment } from '@/lib/server/env';
import { ready, startPostgresProgram, temporaryDirectory } from '@/lib/testing/embedded-postgres-run';
import { startProgram } from '@/lib/testing/start-program';
import { createTestDatabase } from '@/lib/testing/test-database';
import { checkNode } from './doctor/check-machine';

async function parley(words: string[], env: Record<string, string> = {}) {
  const program = startProgram('lib/server/cli/parley.ts', words, { env: { PORT: '0', ...env } });
  return { code: await program.exited, stdout: program.stdout(), stderr: program.stderr() };
}

const Address = z.object({ port: z.number() });

/** A server on loopback that answers every request like that; resolves with its port. */
async function answering(status: number, body: string): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  return { port: Address.parse(address).port, asked };
}

test('--help lists the commands, and each command has its own', async () => {
  const help = await parley(['--help']);
  expect(help).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ {2}doctor +\S/m) });
  expect(await parley(['doctor', '--help'])).toMatchObject({
    code: 0,
    stdout: 'usage: npm run parley -- doctor [--release]\n',
  });
});

test('an unknown command, no command and an unknown option end with a message and exit code 2', async () => {
  expect(await parley(['frobnicate', 'all'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`frobnicate all`'),
  });
  expect(await parley([])).toMatchObject({ code: 2 });
  expect(await parley(['key', 'create'])).toMatchObject({ code: 2, stderr: expect.stringMatching(/takes a --name/) });
  expect(await parley(['doctor', '--frob'])).toMatchObject({ code: 2, stderr: expect.stringContaining("'--frob'") });
});

test.runIf(process.platform === 'linux')(
  'output that nobody reads on ends a command quietly; output that cannot be written is told in a line',
  async () => {
    const inShell = (script: string) => {
      const command = [process.execPath, '--import', 'tsx', join(projectRoot(), 'lib/server/cli/parley.ts')];
      const env = childEnvironment({ PORT: '0', PARLEY_DATA_DIR: join(temporaryDirectory(), 'data') });
      const run = spawnSync('/bin/sh', ['-c', script, 'sh', ...command], { cwd: projectRoot(), env, encoding: 'utf8' });
      return run.stderr;
    };
    expect(inShell('{ "$@" doctor; echo "code $?" >&2; } | true')).toBe('code 0\n');
    expect(inShell('"$@" doctor >/dev/full; echo "code $?" >&2')).toMatch(
      /^What there was to say could not be written: ENOSPC.*\ncode 1\n$/,
    );
  },
);

test('a bad environment ends a command with its message and exit code 1', async () => {
  const { code, stderr } = await parley(['doctor'], { PARLEY_SANDBOX: 'perhaps' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^ {2}PARLEY_SANDBOX: "perhaps" is not allowed. Allowed: auto, on or off.$/m);
  expect(stderr).not.toContain('    at ');
});

test('the doctor finds nothing broken before the first start, and makes nothing', async () => {
  const dataDir = join(temporaryDirectory(), 'data');
  const { code, stdout } = await parley(['doctor'], { PARLEY_DATA_DIR: dataDir });
  expect(stdout).toContain(`ok      Data directory: ${dataDir}, made at the first start`);
  expect(stdout).toContain('note    Database: built in; made at the first start');
  expect(stdout).toContain('Nothing is broken.');
  expect(code).toBe(0);
});

test('the doctor looks at the database of a running Parley', async () => {
  const dataDir = temporaryDirectory();
  const program = startPostgresProgram(dataDir);
  await ready(program);
  const { code, stdout } = await parley(['doctor'], { PARLEY_DATA_DIR: dataDir });
  expect(stdout).toContain(`in use by the Parley of process ${program.pid}`);
  expect(stdout).toMatch(/^ok {6}Database: PostgreSQL 18\.\d+ at /m);
  expect(stdout).toMatch(/^note {4}Migrations: \S+.* will be applied at the next start$/m);
  expect(code).toBe(0);
});

test('the doctor checks a DATABASE_URL, its migrations included', async () => {
  const database = await createTestDatabase();
  const well = await parley(['doctor'], { DATABASE_URL: database.connectionString });
  expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {6}Migrations: all \d+ applied$/m) });
  await database.pool.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '9999_later', now())`,
  );
  const newer = await parley(['doctor'], { DATABASE_URL: database.connectionString });
  expect(newer).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^BROKEN {2}Migrations: .*9999_later.*\n +→ \S/m),
  });
  await database.drop();
});

test('the doctor says what to do about everything that is broken, and no secret', async () => {
  const taken = await answering(200, 'not a Parley');
  const refusing = await answering(401, '{}');
  const database = new URL(inject('postgres'));
  database.pathname = '/not_there';
  database.password = 'hush';
  const { code, stdout } = await parley(['doctor'], {
    PORT: String(taken.port),
    DATABASE_URL: database.href,
    LETTA_BASE_URL: `http://127.0.0.1:${refusing.port}`,
    LETTA_API_KEY: 'hush-key',
    LETTA_APP_SERVER_URL: 'ws://127.0.0.1:1/ws',
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^BROKEN {2}Database: .*not_there.*\n +→ Check DATABASE_URL/m);
  expect(stdout).toMatch(/^BROKEN {2}Port: .*not Parley\n +→ Stop that program, or set PORT/m);
  expect(stdout).toMatch(/^BROKEN {2}Letta at .*refuses the key \(401\)\n +→ Set LETTA_API_KEY/m);
  expect(stdout).toMatch(
    /^BROKEN {2}Letta at 127\.0\.0\.1:1: cannot be reached.*\n +→ Start that Letta, or correct LETTA_APP/m,
  );
  expect(stdout).toMatch(/^note {4}LETTA_APP_SERVER_URL: .*does not use it/m);
  expect(stdout).toContain('4 things are broken.');
  expect(stdout).not.toContain('hush');
  expect(refusing.asked).toEqual(['/v1/health/ Bearer hush-key']);
});

test('the doctor says of a data directory that is none that it cannot be written', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '', { mode: 0o755 });
  const { code, stdout } = await parley(['doctor'], { PARLEY_DATA_DIR: file });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^BROKEN {2}Data directory: .*file cannot be written.*\n +→ Give this user/m);
});

test('the doctor reads the health of the Parley that has the port', async () => {
  const letta = [
    { name: 'home', dialect: 'rest', state: 'connected' },
    { name: 'cloud', dialect: 'rest', state: 'refused' },
  ];
  const running = await answering(200, JSON.stringify({ status: 'ok', version: '1.2.3', database: 'ok', letta }));
  const { code, stdout } = await parley(['doctor'], { PORT: String(running.port) });
  expect(stdout).toMatch(/^ok {6}Port: Parley 1\.2\.3 answers/m);
  expect(stdout).toMatch(/^ok {6}Letta home: connected/m);
  expect(stdout).toMatch(/^BROKEN {2}Letta cloud: refused.*\n +→ /m);
  expect(code).toBe(1);
});

test('a Node that is too old is broken, with where a newer one comes from', () => {
  expect(checkNode('22.17.9')).toMatchObject({ state: 'broken', todo: expect.stringContaining('npm ci') });
  expect(checkNode('22.18.0')).toMatchObject({ state: 'well' });
  expect(checkNode('24.0.0')).toMatchObject({ state: 'well' });
});
