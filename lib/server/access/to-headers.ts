import type { IncomingHttpHeaders } from 'node:http';

/** The headers of a request of Node, as the web has them. */
export function toHeaders(headers: IncomingHttpHeaders): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all.append(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return all;
}
