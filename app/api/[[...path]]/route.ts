import { routeToNothing } from '@/lib/server/http/route';

/** Whatever is asked for under /api and is not there. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routeToNothing();
