// The one-way imports of the house (docs/architecture.md), as errors. `import type` obeys the same rules.
// lib/testing/boundaries.test.ts breaks each of them once and sees the check fail.

const TESTS =
  '\\.test\\.tsx?$|^lib/testing/|^e2e/|^bench/|^vitest\\.|^playwright\\.|^lib/server/letta/(gateway-contract|breakable-proxy|sandbox/test-)';

/** @returns {import('dependency-cruiser').IForbiddenRuleType} */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const oneDoor = (name, packages, doors) =>
  never(
    `one-door-${name}`,
    `${name} is imported only by ${doors}`,
    { pathNot: `${doors}|${TESTS}` },
    {
      path: `(^|/)node_modules/(${packages})/`,
    },
  );

module.exports = {
  forbidden: [
    never('no-cycles', 'a circle has no order in which it can be understood', {}, { circular: true }),
    never('not-resolvable', 'an import that leads nowhere', {}, { couldNotResolve: true }),
    never(
      'protocol-is-pure',
      'lib/protocol knows zod and itself',
      { path: '^lib/protocol/', pathNot: TESTS },
      {
        pathNot: '^lib/protocol/|(^|/)node_modules/zod/',
      },
    ),
    never(
      'domain-is-pure',
      'lib/domain knows lib/protocol, zod, diff and itself',
      { path: '^lib/domain/', pathNot: TESTS },
      {
        pathNot: '^lib/(protocol|domain)/|(^|/)node_modules/(zod|diff)/',
      },
    ),
    never(
      'server-knows-no-screen',
      'lib/server and server.ts stay below the screens',
      { path: '^(lib/server/|server\\.ts)' },
      {
        path: '^(app|components|lib/client)/',
      },
    ),
    never(
      'browser-knows-no-server',
      'what runs in the browser reaches the server over HTTP and sockets only',
      {
        path: '^(components|lib/client)/',
        pathNot: TESTS,
      },
      { path: '^(lib/server/|server\\.ts|app/|node:)|^(fs|path|crypto|child_process|net|http)$' },
    ),
    never(
      'client-knows-no-component',
      'lib/client stays below the components',
      { path: '^lib/client/' },
      {
        path: '^components/',
      },
    ),
    never(
      'routes-know-no-screen',
      'app/api ends in a use case',
      { path: '^app/api/', pathNot: TESTS },
      {
        path: '^(components|lib/client|lib/domain)/',
      },
    ),
    never(
      'nouns-do-not-mix',
      'a folder of components knows its own noun, ui and shell',
      {
        path: '^components/([^/]+)/',
        pathNot: '^components/(shell|overview|settings|sign-in)/', // screens that are put together from nouns
      },
      { path: '^components/', pathNot: '^components/($1|ui|shell)/' },
    ),
    never(
      'ui-is-the-ground',
      'components/ui knows no noun and no data',
      { path: '^components/ui/', pathNot: TESTS },
      {
        path: '^(components/(?!ui/)|lib/client/)',
      },
    ),
    never(
      'testing-stays-in-tests',
      'only tests import lib/testing',
      { pathNot: `${TESTS}|^prisma/seed` },
      {
        path: '^lib/testing/',
      },
    ),
    never(
      'protocol-below-all',
      'lib/protocol and lib/domain are imported, never the other way round',
      {
        path: '^lib/(protocol|domain)/',
        pathNot: TESTS,
      },
      { path: '^(lib/(server|client|testing)|app|components)/' },
    ),
    never(
      'gateway-is-the-port',
      'the rest of Parley knows Letta through gateway.ts',
      {
        path: '^lib/server/',
        pathNot: `^lib/server/(letta/|create-runtime|runtime)|${TESTS}`,
      },
      { path: '^lib/server/letta/rest|(^|/)node_modules/@letta-ai/letta-client/' },
    ),
    oneDoor('prisma', '@prisma/client|@prisma/adapter-pg', '^lib/server/database/(prisma\\.ts|generated/)'),
    never(
      'one-door-prisma-client',
      'the generated client is imported only by lib/server/database/prisma.ts',
      {
        pathNot: `^lib/server/database/(prisma\\.ts|generated/)|${TESTS}`,
      },
      { path: '^lib/server/database/generated/' },
    ),
    oneDoor('socket-io', 'socket\\.io|engine\\.io', '^lib/server/sockets\\.ts'),
    oneDoor('socket-io-client', 'socket\\.io-client|engine\\.io-client', '^lib/client/live\\.ts'),
    oneDoor('graphile-worker', 'graphile-worker', '^lib/server/create-jobs\\.ts'),
    oneDoor('better-auth', 'better-auth|@better-auth', '^lib/(server/access|client)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|lib/server/database/generated/internal)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
