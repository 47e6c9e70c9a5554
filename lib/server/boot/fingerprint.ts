import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Hash over the names and contents of files, and over the kind of machine. `paths` are files and directories
 * under `root`; what is not there counts as absent, and so does what `leaveOut` says of a path (with `/`, from `root`).
 */
export function fingerprint(root: string, paths: string[], leaveOut: (path: string) => boolean = () => false): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of paths.flatMap((path) => filesUnder(root, path, leaveOut)).sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function filesUnder(root: string, path: string, leaveOut: (path: string) => boolean): string[] {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat || leaveOut(path)) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(root, `${path}/${name}`, leaveOut));
}
