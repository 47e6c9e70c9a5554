import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './project-root';

/**
 * Has Node keep what V8 made of the modules that are loaded from here on, for the next start; written when the program
 * ends in order. Beside the sources and not in the directory for temporary files, where Node would put it: what lies there
 * is run, and others may write there. Where nothing can be written, nothing is kept.
 */
export function keepCompiled(): void {
  enableCompileCache(join(projectRoot(), '.cache/compiled'));
}
