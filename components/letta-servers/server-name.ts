/** What a person types, as a server's name may be: `Home server` becomes `home-server`. A trailing `-` may yet go on. */
export function toServerName(typed: string): string {
  return typed
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40);
}

/** A name for an address that nobody has named yet: its host, without what every host has. */
export function suggestedName(url: string): string {
  if (!URL.canParse(url)) return '';
  const host = new URL(url).hostname.replace(/^(www|api)\./, '');
  if (['localhost', '127.0.0.1', '[::1]'].includes(host)) return 'home';
  return toServerName(host).replace(/-+$/, '');
}
