'use client';

import { useState } from 'react';
import type { z } from 'zod';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import type { Agent } from '@/lib/protocol/agent';

/** A block in the form; `key` keeps a row itself while its label is typed. `fixed`: an existing block, not renamed. */
export type BlockDraft = { key: string; label: string; value: string; limit: number | undefined; fixed: boolean };

export type AgentValues = {
  name: string;
  /** Empty: the only server, or none chosen yet. */
  server: string;
  /** Empty: the server's default. */
  model: string;
  blocks: BlockDraft[];
  tools: string[];
  tags: string;
};

type AgentPath = 'name' | 'server' | 'model' | 'tools' | 'tags' | 'blocks' | `blocks.${number}.${'label' | 'value'}`;
export type AgentErrors = FormErrors<AgentPath>;

/** Tags as typed, parted by commas. */
export const tagsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
];

let nextKey = 0;
export const newBlock = (label: string, fixed = false): BlockDraft => ({
  key: `new-${nextKey++}`,
  label,
  value: '',
  limit: undefined,
  fixed,
});

export const valuesOf = (agent: Agent): AgentValues => ({
  name: agent.name,
  server: agent.server,
  model: agent.model ?? '',
  blocks: agent.blocks.map(({ label, value, limit }) => ({ key: label, label, value, limit, fixed: true })),
  tools: agent.tools,
  tags: agent.tags.join(', '),
});

export const noValues = (): AgentValues => ({
  name: '',
  server: '',
  model: '',
  blocks: [newBlock('persona', true), newBlock('human', true)],
  tools: [],
  tags: '',
});

/** The blocks as they are sent. `blocks.2.value` in an error means the third of these. */
export const blocksOf = (drafts: readonly BlockDraft[]) =>
  drafts.map(({ label, value, limit }) => ({ label: label.trim(), value, ...(limit === undefined ? {} : { limit }) }));

type AgentFormOptions<Request> = {
  initial: AgentValues;
  schema: z.ZodType<Request>;
  toRequest: (values: AgentValues) => unknown;
  send: (request: Request, failed: (error: Error) => void) => void;
  /** Which blocks the request holds, in their order; all, unless said. */
  holds?: (block: BlockDraft) => boolean;
};

/** An error names a block by its place in the request; here it has its place in the form, where more may stand. */
const atOwnPlaces = (errors: AgentErrors, places: readonly number[]): AgentErrors =>
  Object.fromEntries(
    Object.entries(errors).map(([path, message]) => [
      path.replace(/^blocks\.(\d+)\./, (_, index: string) => `blocks.${places[Number(index)]}.`),
      message,
    ]),
  );

/** State and submission of the form that creates and changes agents. Errors appear at the first try. */
export function useAgentForm<Request>(options: AgentFormOptions<Request>) {
  const { initial, schema, toRequest, send, holds = () => true } = options;
  const [values, setValues] = useState(initial);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<AgentErrors>({});
  const request = toRequest(values);
  const found: AgentErrors = { ...refused, ...(tried ? formErrors(schema, request) : {}) };
  const errors = atOwnPlaces(
    found,
    values.blocks.flatMap((block, index) => (holds(block) ? [index] : [])),
  );
  const ofBlocks = values.blocks.flatMap((_, index) => [`blocks.${index}.label`, `blocks.${index}.value`]);
  const paths = ['name', 'server', 'model', 'tools', 'tags', ...ofBlocks];
  return {
    values,
    errors,
    set: (change: Partial<AgentValues>) => {
      setRefused({});
      setValues((before) => ({ ...before, ...change }));
    },
    submit: () => {
      setTried(true);
      const checked = schema.safeParse(request);
      if (checked.success) send(checked.data, (error) => setRefused(refusalErrors(error, paths)));
    },
  };
}

export type AgentForm = Pick<ReturnType<typeof useAgentForm<unknown>>, 'values' | 'errors' | 'set'>;
