import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `checksum` is the hex SHA-256 of the file as Prisma computes it. */
export type Migration = { name: string; sql: string; checksum: string; transactional: boolean };

const NO_TRANSACTION = '-- parley:no-transaction';

/** Where Parley's own migrations are. */
export const migrationsDirectory = (): string => fileURLToPath(new URL('../../../prisma/migrations/', import.meta.url));

/** Reads `<directory>/<name>/migration.sql`, in the order of their names, which is the order they are applied in. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, 'migration.sql')))
    .map((entry) => entry.name)
    .sort()
    .map((name) => toMigration(name, readFileSync(join(directory, name, 'migration.sql'), 'utf8')));
}

/** Line ends are made `\n` first: a checkout on Windows may have changed them, and the checksum must not care. */
function toMigration(name: string, text: string): Migration {
  const sql = text.replaceAll('\r\n', '\n');
  const checksum = createHash('sha256').update(sql).digest('hex');
  return { name, sql, checksum, transactional: sql.split('\n', 1)[0]?.trim() !== NO_TRANSACTION };
}
