/** Where to go after signing in: a path of this very page's own, or the first page for anything else. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return '/';
  const base = 'http://parley.invalid';
  if (!URL.canParse(next, base)) return '/';
  const url = new URL(next, base);
  if (url.origin !== base || url.pathname === '/sign-in') return '/';
  return url.pathname + url.search + url.hash;
}
