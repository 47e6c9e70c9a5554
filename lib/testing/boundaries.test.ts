import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '@/lib/server/boot/project-root';

const root = projectRoot();
const RULES = '.dependency-cruiser.cjs';
const { forbidden } = z
  .object({ forbidden: z.array(z.object({ name: z.string(), severity: z.literal('error') })) })
  .parse(createRequire(import.meta.url)(join(root, RULES)));

type Files = Record<string, string>;
const typeOf = (from: string) => `import type { X } from '${from}';\nexport type Y = X;\n`;
const wordOf = (from: string) => `import { x } from '${from}';\nexport const y = x;\n`;
const leaf = 'export const x = 1;\nexport type X = typeof x;\n';

/** What lies where a probe leads to, and keeps every rule itself. */
const ground: Files = {
  'lib/protocol/thing.ts': `import { z } from 'zod';\nexport const x = z.string();\nexport type X = z.infer<typeof x>;\n`,
  'lib/domain/thing.ts': wordOf('@/lib/protocol/thing').replaceAll('y', 'x2'),
  'lib/server/thing.ts': leaf,
  'lib/server/letta/rest.ts': leaf,
  'lib/server/database/generated/client.ts': leaf,
  'lib/client/thing.ts': leaf,
  'lib/testing/thing.ts': leaf,
  'components/ui/thing.ts': leaf,
  'components/shell/thing.ts': leaf,
  'components/drafts/thing.ts': typeOf('@/components/ui/thing') + leaf,
  'app/page.ts': leaf,
};

/** Each rule, broken once. The first file is the one at fault. */
const breaches: Record<string, Files> = {
  'no-cycles': { 'lib/domain/one.ts': wordOf('./other'), 'lib/domain/other.ts': `export { y as x } from './one';\n` },
  'not-resolvable': { 'lib/domain/lost.ts': wordOf('./nowhere') },
  'protocol-is-pure': { 'lib/protocol/probe.ts': typeOf('node:fs') },
  'domain-is-pure': { 'lib/domain/probe.ts': typeOf('pg') },
  'server-knows-no-screen': { 'lib/server/screen-probe.ts': typeOf('@/components/ui/thing') },
  'browser-knows-no-server': { 'components/drafts/server-probe.ts': typeOf('@/lib/server/thing') },
  'client-knows-no-component': { 'lib/client/component-probe.ts': typeOf('@/components/ui/thing') },
  'routes-know-no-screen': { 'app/api/probe/route.ts': wordOf('@/lib/domain/thing') },
  'nouns-do-not-mix': { 'components/agents/noun-probe.ts': typeOf('@/components/drafts/thing') },
  'ui-is-the-ground': { 'components/ui/probe.ts': typeOf('@/lib/client/thing') },
  'testing-stays-in-tests': { 'lib/server/testing-probe.ts': wordOf('@/lib/testing/thing') },
  'protocol-below-all': { 'lib/domain/server-probe.ts': typeOf('@/lib/server/thing') },
  'gateway-is-the-port': { 'lib/server/agents/rest-probe.ts': typeOf('../letta/rest') },
  'one-door-prisma': { 'lib/server/agents/prisma-probe.ts': typeOf('@prisma/client') },
  'one-door-prisma-client': { 'lib/server/agents/client-probe.ts': typeOf('../database/generated/client') },
  'one-door-socket-io': { 'lib/server/agents/socket-probe.ts': typeOf('socket.io') },
  'one-door-socket-io-client': { 'lib/client/socket-probe.ts': typeOf('socket.io-client') },
  'one-door-graphile-worker': { 'lib/server/agents/job-probe.ts': typeOf('graphile-worker') },
  'one-door-better-auth': { 'lib/server/agents/auth-probe.ts': typeOf('better-auth') },
};

/** A use of each global that has one door, and the door, where the same words are allowed. */
const doors: { words: string; door: string; elsewhere: string; rule: string }[] = [
  { words: 'process.env.HOME', door: 'lib/server/env.ts', elsewhere: 'lib/server/env-probe.ts', rule: 'noProcessEnv' },
  {
    words: 'globalThis',
    door: 'lib/server/runtime.ts',
    elsewhere: 'lib/server/global-probe.ts',
    rule: 'noRestrictedGlobals',
  },
  {
    words: "fetch('/')",
    door: 'lib/client/api.ts',
    elsewhere: 'components/fetch-probe.tsx',
    rule: 'noRestrictedGlobals',
  },
];

let house: string;
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'parley-house-'));
  for (const name of [RULES, 'tsconfig.json', 'biome.json', '.gitignore']) cpSync(join(root, name), join(house, name));
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
});
afterAll(() => rmSync(house, { recursive: true }));

/** Makes app, components and lib of the house anew, of these files alone. */
function furnish(files: Files): void {
  for (const folder of ['app', 'components', 'lib']) {
    rmSync(join(house, folder), { recursive: true, force: true });
    mkdirSync(join(house, folder));
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true });
    writeFileSync(join(house, name), text);
  }
}

/** What a tool of this repository prints; it ends with an error where it finds something. */
const runTool = (script: string, args: string[], cwd: string): Promise<string> =>
  new Promise((resolve) => {
    const options = { cwd, maxBuffer: 256 * 1024 * 1024 };
    execFile(process.execPath, [join(root, 'node_modules', script), ...args], options, (_, stdout) => resolve(stdout));
  });

const Cruise = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.number(),
    totalDependenciesCruised: z.number(),
  }),
});

async function cruise(cwd: string, places: string[]) {
  const args = [...places, '--config', RULES, '--output-type', 'json'];
  return Cruise.parse(JSON.parse(await runTool('dependency-cruiser/bin/dependency-cruiser.mjs', args, cwd))).summary;
}

test('[HO1] there is a breach for every rule about imports, and a rule for every breach', () => {
  const names = [...new Set(forbidden.map((rule) => rule.name))];
  expect(Object.keys(breaches).sort()).toEqual(names.sort());
});

test('[HO1] what keeps every rule passes', async () => {
  furnish(ground);
  const { violations, totalCruised } = await cruise(house, ['app', 'components', 'lib']);
  expect(violations).toEqual([]);
  expect(totalCruised).toBeGreaterThanOrEqual(Object.keys(ground).length);
});

test('[HO1] each rule about imports is broken once, mostly by a type alone, and the check sees it', async () => {
  furnish(Object.assign({}, ground, ...Object.values(breaches)));
  const { violations } = await cruise(house, ['app', 'components', 'lib']);
  const seen = new Set(violations.map(({ rule, from }) => `${rule.name}: ${from}`));
  const done = Object.entries(breaches).map(([rule, files]) => `${rule}: ${Object.keys(files)[0]}`);
  expect(done.filter((breach) => !seen.has(breach))).toEqual([]);
});

test('[HO1] this house keeps its rules, and the check looks at all of it', async () => {
  const { scripts } = z
    .object({ scripts: z.object({ check: z.string() }) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const [, places = ''] = /depcruise ([^-]+) --config/.exec(scripts.check) ?? [];
  expect(places.split(' ')).toEqual(expect.arrayContaining(['app', 'components', 'lib', 'server.ts']));
  const { violations, totalCruised, totalDependenciesCruised } = await cruise(root, places.split(' '));
  expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  // TypeScript 7 has no interface for compilers: the cruiser would see nothing, and find nothing wrong.
  expect(totalCruised).toBeGreaterThan(400);
  expect(totalDependenciesCruised).toBeGreaterThan(2_000);
}, 60_000);

const Lint = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string() }) })),
});

test('[HO2] process.env, globalThis and the browser’s fetch are used behind their doors and nowhere else', async () => {
  const use = (words: string) => `export const use = () => ${words};\n`;
  furnish(
    Object.fromEntries(
      doors.flatMap(({ words, door, elsewhere }) => [door, elsewhere].map((file) => [file, use(words)])),
    ),
  );
  const printed = await runTool('@biomejs/biome/bin/biome', ['lint', '--reporter=json', '.'], house);
  const found = Lint.parse(JSON.parse(printed)).diagnostics.map(
    ({ category, location }) => `${location.path} ${category}`,
  );
  expect(found.sort()).toEqual(doors.map(({ elsewhere, rule }) => `${elsewhere} lint/style/${rule}`).sort());
});
