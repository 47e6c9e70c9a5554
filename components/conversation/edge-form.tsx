'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { NumberField, toWholeNumber } from '@/components/ui/number-field';
import { Select } from '@/components/ui/select';
import { useSetEdge } from '@/lib/client/use-set-edge';
import { type Edge, type EdgeMode, SetEdge } from '@/lib/protocol/conversation';
import { EXPIRY_SECONDS } from './expiry-seconds';

const modes = [
  { value: 'pass', label: 'Pass: delivered at once' },
  { value: 'review', label: 'Review: waits, with a deadline' },
  { value: 'hold', label: 'Hold: waits without a deadline' },
] as const satisfies readonly { value: EdgeMode; label: string }[];

type EdgeFormProps = { conversationId: string; edge: Edge; names: { from: string; to: string }; onClose: () => void };

/** How messages in one direction wait: for how long, for how many people, and how long a verdict can be taken back. */
export function EdgeForm({ conversationId, edge, names, onClose }: EdgeFormProps) {
  const set = useSetEdge(conversationId);
  const [mode, setMode] = useState<EdgeMode>(edge.mode);
  const [expiry, setExpiry] = useState(String(edge.expirySeconds ?? EXPIRY_SECONDS));
  const [reviewers, setReviewers] = useState(String(edge.reviewers));
  const [undo, setUndo] = useState(String(edge.undoSeconds));
  const [errors, setErrors] = useState<FormErrors>({});
  const submit = () => {
    const request = {
      from: edge.from,
      to: edge.to,
      mode,
      reviewers: Number(reviewers),
      expirySeconds: mode === 'hold' ? null : toWholeNumber(expiry),
      undoSeconds: toWholeNumber(undo),
    };
    const wrong: FormErrors = formErrors(SetEdge, request);
    if (Number.isNaN(request.expirySeconds)) wrong['expirySeconds'] = 'A whole number of seconds.';
    if (Number.isNaN(request.undoSeconds)) wrong['undoSeconds'] = 'A whole number of seconds.';
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    set.mutate(request, {
      onSuccess: onClose,
      onError: (error) => setErrors(refusalErrors(error, ['expirySeconds', 'reviewers', 'undoSeconds'])),
    });
  };
  return (
    <DialogForm
      title={`${names.from} to ${names.to}`}
      description="Holds at once for what is said from now on. What waits already waits as it did."
      width="narrow"
      submit="Set"
      busy={set.isPending}
      error={errors['']}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Messages">
        {(control) => (
          <Select
            {...control}
            value={mode}
            onChange={(event) => setMode(modes.find(({ value }) => value === event.target.value)?.value ?? 'pass')}
          >
            {modes.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {mode === 'review' && (
        <NumberField
          label="Deadline, in seconds"
          hint="When nobody has answered by then, it expires and the author is told."
          error={errors['expirySeconds']}
          value={expiry}
          onChange={setExpiry}
        />
      )}
      {mode !== 'pass' && (
        <>
          <Field label="Who has to approve" error={errors['reviewers']}>
            {(control) => (
              <Select {...control} value={reviewers} onChange={(event) => setReviewers(event.target.value)}>
                <option value="1">One person</option>
                <option value="2">Two people</option>
              </Select>
            )}
          </Field>
          <NumberField
            label="Undo, in seconds"
            hint="So long a verdict can be taken back before anything leaves. 0: it leaves at once."
            error={errors['undoSeconds']}
            value={undo}
            onChange={setUndo}
          />
        </>
      )}
    </DialogForm>
  );
}
