import { z } from 'zod';
import { JsonValue } from '../json';

/** What an engine sent and we do not understand, kept whole. */
export const unknownEntry = { unknown: z.object({ source: z.string(), raw: JsonValue }) } as const;
