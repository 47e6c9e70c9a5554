import { z } from 'zod';

const Line = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().default(''),
  err: z.looseObject({ message: z.string().optional(), stack: z.string().optional() }).optional(),
});

const LEVELS: readonly (readonly [number, string])[] = [
  [60, 'FATAL'],
  [50, 'ERROR'],
  [40, 'WARN '],
  [30, 'info '],
  [20, 'debug'],
  [0, 'trace'],
];

/** A destination for pino that turns its JSON lines into lines for people: time, level, message, `key=value`. */
export const readableLines = (target: NodeJS.WritableStream) => ({
  write(json: string): void {
    target.write(toReadableLine(json));
  },
});

export function toReadableLine(json: string): string {
  const { level, time, msg, err, ...rest } = Line.parse(JSON.parse(json));
  const name = LEVELS.find(([from]) => level >= from)?.[1] ?? String(level);
  const clock = new Date(time).toISOString().slice(11, 19);
  const members = Object.entries(rest).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const trouble = err ? `\n  ${err.stack ?? err.message ?? JSON.stringify(err)}` : '';
  return `${clock} ${name} ${msg}${members.join('')}${trouble}\n`;
}
