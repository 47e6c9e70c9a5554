/**
 * An answer that is taken along as a file. Its pieces are made as the asker takes them, and not at all where it has gone:
 * never more than one of them is in memory.
 */
export function download(
  pieces: AsyncGenerator<string>,
  { contentType, filename }: { contentType: string; filename: string },
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  const headers = { 'Content-Type': contentType, 'Content-Disposition': `attachment; filename="${filename}"` };
  return new Response(body, { headers });
}
