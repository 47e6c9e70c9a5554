import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '@/lib/server/boot/project-root';

const root = projectRoot();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const find = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (name) => ['node_modules', '.next', 'generated'].includes(name) });

const documents = [...find('*.md'), ...find('docs/**/*.md'), ...find('lib/**/*.md')].sort();

/** What stands in backticks and looks like a path of this repository: it begins with one of its folders or is a file. */
const ROOTS = /^(app|bench|components|docs|e2e|lib|prisma|public)(\/|$)|^\.?[\w-]+\.(cjs|json|md|mts|ts)$/;
const quoted = (text: string) =>
  [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = '']) => words).filter((each) => ROOTS.test(each));
const linked = (text: string, file: string) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(file), target)));

test('[HO3] every path that a document quotes or links exists', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'lib/protocol/SPEC.md']),
  );
  const missing = documents.flatMap((file) => {
    const paths = [...quoted(read(file)), ...linked(read(file), file)];
    return paths.filter((path) => !existsSync(join(root, path))).map((path) => `${file}: ${path}`);
  });
  expect(missing).toEqual([]);
});

test('[HO3] every command that the README names is there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...read('README.md').matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('[HO3] documents keep their measure, and tell no plans', () => {
  const lines = (file: string) => read(file).split('\n').length;
  expect(lines('README.md')).toBeLessThanOrEqual(120);
  expect(lines('docs/architecture.md')).toBeLessThanOrEqual(110);
  for (const file of find('docs/decisions/*.md')) expect(lines(file), file).toBeLessThanOrEqual(60);
  const planning = documents.filter((file) => /\b(TODO|FIXME|coming soon|not yet implemented)\b/i.test(read(file)));
  expect(planning).toEqual([]);
});

test('[HO4] every rule of SPEC.md is cited by a test, and every rule that a test cites stands there once', () => {
  const rules = [...read('lib/protocol/SPEC.md').matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map(([, id = '']) => id);
  expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  const tests = find('{app,bench,components,e2e,lib}/**/*.{test,spec}.{ts,tsx}');
  const titles = tests.flatMap((file) =>
    [...read(file).matchAll(/['"`]((?:\[[A-Z]{2}\d+\] ?)+)/g)].map(([, ids = '']) => ids),
  );
  const cited = new Set(titles.flatMap((ids) => [...ids.matchAll(/[A-Z]{2}\d+/g)].map(([id]) => id)));
  expect(cited.size).toBeGreaterThan(100);
  expect(rules.filter((id) => !cited.has(id))).toEqual([]);
  expect([...cited].filter((id) => !rules.includes(id))).toEqual([]);
});
