const schemes = new Set(['http:', 'https:', 'mailto:']);

/** Where a link of an agent leads, or null when it may not lead anywhere: other schemes, relative or broken addresses. */
function outwardTarget(href: string | undefined): { href: string; host: string } | null {
  if (href === undefined || !URL.canParse(href)) return null;
  const url = new URL(href);
  if (!schemes.has(url.protocol)) return null;
  const host = url.protocol === 'mailto:' ? url.pathname : url.host;
  return host === '' ? null : { href: url.href, host: withoutLookalikes(host) };
}

/** Hosts are in ASCII already; what is left over stands in a mail address. */
const withoutLookalikes = (host: string) => host.replaceAll(/[^\x20-\x7e]/g, '\ufffd');

/** A link that leads out of Parley: new tab, no referrer, and the host named behind it, whatever its words claim. */
export function OutwardLink({ href, children }: { href: string | undefined; children: React.ReactNode }) {
  const target = outwardTarget(href);
  if (!target) return <span>{children}</span>;
  const wordsAreTheAddress = typeof children === 'string' && outwardTarget(children)?.href === target.href;
  return (
    <a
      href={target.href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="underline decoration-line-strong hover:decoration-current"
    >
      {children}
      {!wordsAreTheAddress && <span className="font-mono text-[0.85em] text-text-3"> ({target.host})</span>}
    </a>
  );
}
