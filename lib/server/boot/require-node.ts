import { BootError } from './boot-error';

const MAJOR = 22;
const MINOR = 18;

/** @throws BootError when this Node is older than what Parley and its libraries need. */
export function requireNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
  throw new BootError(
    `Parley needs Node ${MAJOR}.${MINOR} or newer; this is ${version}. \`npm start\` brings its own on Linux.`,
  );
}
