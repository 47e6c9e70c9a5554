/**
 * Arrays as PostgreSQL's binary wire format has them (array_recv): a parameter that is a Buffer is sent as binary, which
 * spares quoting and escaping every element. Measured in docs/decisions/0005-hot-writes.md. Cast the parameter in the
 * statement (`$1::text[]`). An element that is null is SQL NULL.
 */

const TEXT_OID = 25;
const INT8_OID = 20;
const BYTEA_OID = 17;
const UUID_OID = 2950;
const TIMESTAMPTZ_OID = 1184;

const HEADER_BYTES = 20;
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

function header(buffer: Buffer, oid: number, length: number, hasNull: boolean): void {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
}

function fixed<T>(
  oid: number,
  bytes: number,
  values: readonly T[],
  write: (buffer: Buffer, value: T, at: number) => void,
) {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + bytes));
  header(buffer, oid, values.length, false);
  values.forEach((value, index) => {
    const at = HEADER_BYTES + index * (4 + bytes);
    buffer.writeInt32BE(bytes, at);
    write(buffer, value, at + 4);
  });
  return buffer;
}

export const int8Array = (values: readonly number[]): Buffer =>
  fixed(INT8_OID, 8, values, (buffer, value, at) => {
    buffer.writeInt32BE(Math.floor(value / 2 ** 32), at);
    buffer.writeUInt32BE(value >>> 0, at + 4);
  });

export const uuidArray = (values: readonly string[]): Buffer =>
  fixed(UUID_OID, 16, values, (buffer, value, at) => {
    buffer.write(value.replaceAll('-', ''), at, 16, 'hex');
  });

export const timestamptzArray = (values: readonly Date[]): Buffer =>
  fixed(TIMESTAMPTZ_OID, 8, values, (buffer, value, at) => {
    buffer.writeBigInt64BE(BigInt(value.getTime() - POSTGRES_EPOCH_MS) * 1000n, at);
  });

export function textArray(values: readonly (string | null)[]): Buffer {
  const sizes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const total = sizes.reduce((sum, size) => sum + 4 + size, HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(total);
  header(buffer, TEXT_OID, values.length, values.includes(null));
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    const size = sizes[index] ?? 0;
    buffer.writeInt32BE(value === null ? -1 : size, at);
    if (value !== null) buffer.write(value, at + 4, size, 'utf8');
    at += 4 + size;
  });
  return buffer;
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const buffer = Buffer.allocUnsafe(values.reduce((sum, value) => sum + 4 + value.length, HEADER_BYTES));
  header(buffer, BYTEA_OID, values.length, false);
  let at = HEADER_BYTES;
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer;
}
