'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { FieldError } from '@/components/ui/field';
import { inputClass } from '@/components/ui/input';
import { keepTyped } from '@/components/ui/keep-typed';
import { useInstructTask } from '@/lib/client/task-mutations';
import type { Task } from '@/lib/protocol/task';

/** An instruction to the task's agent: at once where it listens, else with the answer to its next report. */
export function InstructionComposer({ task }: { task: Task }) {
  const id = useId();
  const [text, setText] = useState('');
  const instruct = useInstructTask(task.id);
  const send = () => {
    if (instruct.isPending || text.trim() === '') return;
    instruct.mutate({ content: text }, { onSuccess: () => setText('') });
  };
  return (
    <form
      className="grid flex-none gap-1 border-line border-t px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2">
        <label htmlFor={id} className="sr-only">
          Instruction to the agent
        </label>
        <textarea
          ref={keepTyped}
          id={id}
          rows={1}
          value={text}
          readOnly={instruct.isPending}
          aria-busy={instruct.isPending}
          placeholder="Write an instruction, it lands with its next report"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
          className={`${inputClass} field-sizing-content text-ui thin-scroll max-h-40 min-h-8 resize-none py-1.5 pointer-coarse:py-[11px]`}
        />
        <Button type="submit" size="tall" keys="enter" busy={instruct.isPending}>
          Send
        </Button>
      </div>
      <div aria-live="polite">{instruct.error && <FieldError>{instruct.error.message}</FieldError>}</div>
    </form>
  );
}
