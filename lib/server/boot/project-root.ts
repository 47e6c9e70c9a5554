import { fileURLToPath } from 'node:url';

/** The directory that holds package.json. Only for what runs unbundled: the start, the commands, the tests. */
export const projectRoot = (): string => fileURLToPath(new URL('../../../', import.meta.url));
