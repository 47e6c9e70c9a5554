import { z } from 'zod';
import type { JsonObject, JsonValue } from '@/lib/protocol/json';
import type { ModelCall, OfferedTool } from './model';

const Parameters = z
  .object({ properties: z.record(z.string(), z.object({ type: z.string().optional() })) })
  .catch({ properties: {} });

/** What a text offers as values for parameters; each is used once. */
type Offer = { numbers: number[]; quoted: string[]; text: string };

function valueFor(name: string, type: string | undefined, offer: Offer): JsonValue {
  if (type === 'number' || type === 'integer') return offer.numbers.shift() ?? 0;
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  if (type === 'object') return {};
  const word = name.replaceAll(/\W/g, '');
  const named = new RegExp(`\\b${word}\\b[:=]?\\s+([\\p{L}\\d][\\p{L}\\d-]*)`, 'iu').exec(offer.text)?.[1];
  return offer.quoted.shift() ?? named ?? offer.text;
}

/**
 * A call of the custom tool whose name a person spells out: for `pay_invoice`, a text with "pay" and "invoice" in it.
 * Arguments are numbers, quoted texts and words that follow a parameter's name; null when no tool is meant.
 */
export function requestedToolCall(tools: OfferedTool[], text: string): ModelCall | null {
  const spoken = text.toLowerCase();
  const tool = tools.find(
    (offered) => offered.custom && offered.name.split('_').every((word) => spoken.includes(word.toLowerCase())),
  );
  if (!tool) return null;
  const offer: Offer = {
    numbers: (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number),
    quoted: [...text.matchAll(/[“"]([^”"]+)[”"]/g)].map((match) => match[1] ?? ''),
    text,
  };
  const { properties } = Parameters.parse(tool.parameters);
  const values: JsonObject = {};
  for (const [name, property] of Object.entries(properties)) values[name] = valueFor(name, property.type, offer);
  return { name: tool.name, arguments: values };
}
