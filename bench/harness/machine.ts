import { statfsSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import type { Queryable } from '@/lib/server/ledger/command';

/** What a figure depends on besides the program: one line for people. */
export async function describeMachine(db: Queryable): Promise<string> {
  const { rows } = await db.query<Record<string, string>>(
    `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous, current_setting('wal_sync_method') AS method`,
  );
  const { version, fsync, synchronous, method } = rows[0] ?? {};
  const [cpu] = cpus();
  const processor = `${cpus().length} × ${cpu?.model.trim() || arch()}`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const disk = `${tmpdir()} (file system 0x${statfsSync(tmpdir()).type.toString(16)})`;
  const database = `PostgreSQL ${version}, fsync ${fsync} by ${method}, synchronous_commit ${synchronous}`;
  return `${processor}, ${memory}, ${platform()} ${release()}, Node ${process.version}, ${database}, data in ${disk}`;
}
