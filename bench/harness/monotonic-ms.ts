/** Milliseconds on the machine's monotonic clock: comparable between processes of one machine. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
