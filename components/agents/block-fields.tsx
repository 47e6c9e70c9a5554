'use client';

import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { countText } from '@/components/ui/count-text';
import { Field, FieldError } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Textarea } from '@/components/ui/textarea';
import { type AgentErrors, type BlockDraft, newBlock } from './use-agent-form';

const hints: Record<string, { label: string; placeholder: string }> = {
  persona: { label: 'Persona', placeholder: 'Who the agent is and how it speaks, in its own words: “I am Alice, …”' },
  human: { label: 'Human', placeholder: 'What the agent knows of the person it works for.' },
};

type BlockFieldsProps = {
  blocks: readonly BlockDraft[];
  errors: AgentErrors;
  onChange: (blocks: BlockDraft[]) => void;
};

/** The memory blocks: existing ones by their label, new ones with a label to give. */
export function BlockFields({ blocks, errors, onChange }: BlockFieldsProps) {
  const change = (key: string, part: Partial<BlockDraft>) =>
    onChange(blocks.map((block) => (block.key === key ? { ...block, ...part } : block)));
  return (
    <fieldset className="grid min-w-0 gap-4">
      <legend className="sr-only">Memory blocks</legend>
      {blocks.some(({ limit }) => limit !== undefined) && (
        <p className="text-meta text-text-2">
          A limit is a promise to the model alone: the server stores longer blocks without a word, and sends them whole.
        </p>
      )}
      {blocks.map((block, index) => (
        <div key={block.key} className="grid gap-2">
          {!block.fixed && (
            <NewLabel
              block={block}
              error={errors[`blocks.${index}.label`]}
              onChange={(label) => change(block.key, { label })}
              onRemove={() => onChange(blocks.filter((other) => other.key !== block.key))}
            />
          )}
          <Field
            label={block.fixed ? (hints[block.label]?.label ?? block.label) : 'Its value'}
            aside={<Length value={block.value} limit={block.limit} />}
            error={errors[`blocks.${index}.value`]}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={block.label === 'persona' ? 4 : 2}
                placeholder={hints[block.label]?.placeholder}
                value={block.value}
                onChange={(event) => change(block.key, { value: event.target.value })}
              />
            )}
          </Field>
        </div>
      ))}
      {errors.blocks && <FieldError>{errors.blocks}</FieldError>}
      <div>
        <Button size="small" icon={Plus} onClick={() => onChange([...blocks, newBlock('')])}>
          Another block
        </Button>
      </div>
    </fieldset>
  );
}

type NewLabelProps = {
  block: BlockDraft;
  error: string | undefined;
  onChange: (label: string) => void;
  onRemove: () => void;
};

const NewLabel = ({ block, error, onChange, onRemove }: NewLabelProps) => (
  <div className="flex items-end gap-2">
    <Field label="Label of the block" error={error} className="flex-1">
      {(control) => (
        <Input
          {...control}
          mono
          autoComplete="off"
          placeholder="project_notes"
          value={block.label}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
    <Button size="tall" onClick={onRemove}>
      Leave it out
    </Button>
  </div>
);

const Length = ({ value, limit }: { value: string; limit: number | undefined }) => {
  if (limit === undefined) return null;
  const over = value.length > limit;
  return (
    <span className={over ? 'font-strong text-fail-text' : ''}>
      {countText(value.length)} of {countText(limit)} characters
      {over && '. The server takes it all the same'}
    </span>
  );
};
