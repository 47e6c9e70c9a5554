import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresAddress } from './postgres-address';

export type PostgresSettings = Readonly<Record<string, string | number>>;

/**
 * HAZARD: these builds know neither lz4 nor zstd; `wal_compression = lz4` is fatal at start.
 * `wal_init_zero` is off because whoever commits into a new 16 MB segment would wait 50 ms while it is filled with zeros.
 * `log_error_verbosity` is terse because the details of an error repeat rows, and rows hold what agents said.
 */
const ALWAYS: PostgresSettings = {
  max_connections: 100,
  shared_buffers: '128MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_init_zero: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_checkpoints: 'off',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

function listening(address: PostgresAddress): PostgresSettings {
  if (address.kind === 'tcp') return { listen_addresses: '127.0.0.1', port: address.port, unix_socket_directories: '' };
  return {
    listen_addresses: '',
    port: address.port,
    unix_socket_directories: quoteListItem(address.directory),
    unix_socket_permissions: '0700',
  };
}

/** That setting is a list: an item with a comma or a space in it is one item only between double quotes. */
const quoteListItem = (item: string) => `"${item.replaceAll('"', '""')}"`;

const toLine = ([name, value]: [string, string | number]) =>
  `${name} = '${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`;

/**
 * Writes the settings of a stopped cluster, wholly anew at every start, into the file that PostgreSQL reads last.
 * `extra` wins; it is how test runs give up durability for speed.
 */
export function writePostgresSettings(clusterDir: string, address: PostgresAddress, extra: PostgresSettings): void {
  const lines = Object.entries({ ...ALWAYS, ...listening(address), ...extra }).map(toLine);
  const header = '# Written by Parley at every start; changes made here are lost.\n';
  writeFileSync(join(clusterDir, 'postgresql.auto.conf'), header + lines.join(''));
}
