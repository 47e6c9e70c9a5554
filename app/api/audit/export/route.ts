import { ExportQuery } from '@/lib/protocol/audit';
import { download } from '@/lib/server/http/download';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { exportLedger } from '@/lib/server/ledger/export-ledger';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, query }) => {
    const { stream } = query(ExportQuery);
    const checkpoint = await rt.checkpoints.sign();
    return download(exportLedger(rt.database.pool, rt.workspace, checkpoint, stream ?? null), {
      contentType: 'application/x-ndjson; charset=utf-8',
      filename: `parley-ledger-${checkpoint.size}.ndjson`,
    });
  }),
});
