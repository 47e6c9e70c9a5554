import { ExportQuery } from '@/lib/protocol/audit';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { exportLedger } from '@/lib/server/ledger/export-ledger';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, query }) => {
    const { stream } = query(ExportQuery);
    const checkpoint = await rt.checkpoints.sign();
    const lines = exportLedger(rt.database.pool, rt.workspace, checkpoint, stream ?? null);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await lines.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        await lines.return(undefined);
      },
    });
    return new Response(body, {
      headers: {
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Content-Disposition': `attachment; filename="parley-ledger-${checkpoint.size}.ndjson"`,
        'Cache-Control': 'no-store',
      },
    });
  }),
});
