import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { projectRoot } from '@/lib/server/boot/project-root';
import type { RouteHandler } from '@/lib/server/http/route';

const handler = z.custom<RouteHandler>((value) => typeof value === 'function');
const RouteModule = z.object({
  ...{ GET: handler, HEAD: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler, OPTIONS: handler },
});
export type RouteModule = z.infer<typeof RouteModule>;

/** Every `route.ts` under app/api, app/messages and app/metrics by its address, for serveRoutes: fixed words before parameters, as Next has it. */
export async function apiRoutes(): Promise<Record<string, RouteModule>> {
  const files = globSync('app/{api,messages,metrics}/**/route.ts', { cwd: projectRoot() });
  const addresses = files.map((file) => `/${dirname(file).slice('app/'.length)}`).sort(byPrecedence);
  const found = addresses.map(async (address): Promise<[string, RouteModule]> => {
    const file = join(projectRoot(), 'app', address, 'route.ts');
    const module = RouteModule.parse(await import(/* @vite-ignore */ pathToFileURL(file).href));
    return [address.replace('[[...', '[...').replace(']]', ']'), module];
  });
  return Object.fromEntries(await Promise.all(found));
}

/** Compares addresses word by word; `[` sorts a parameter, and `[[` the rest of a path, behind every fixed word. */
function byPrecedence(one: string, other: string): number {
  const rank = (address: string) =>
    address
      .split('/')
      .map((word) => (word.startsWith('[[') ? '~~' : word.startsWith('[') ? '~' : word))
      .join('/');
  return rank(one) < rank(other) ? -1 : 1;
}

/** The methods that have an endpoint there, as `Allow` tells, without HEAD and OPTIONS. */
export async function methodsOf({ OPTIONS }: RouteModule): Promise<string[]> {
  const answer = await OPTIONS(new Request('http://localhost/', { method: 'OPTIONS' }), {
    params: Promise.resolve({}),
  });
  const allow = answer.headers.get('allow')?.split(', ') ?? [];
  return allow.filter((method) => method !== 'HEAD' && method !== 'OPTIONS');
}
