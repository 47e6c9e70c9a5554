'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { useMay } from '@/lib/client/caller';
import type { Draft } from '@/lib/protocol/draft';

const ruleDialog = lazyModule(() => import('./rule-dialog'));

/** From one draft to a rule for all that look like it. */
export function RuleMenu({ draft }: { draft: Draft }) {
  const [effect, setEffect] = useState<'pass' | 'ask' | null>(null);
  const mayMake = useMay('operator');
  if (!mayMake) return null;
  return (
    <div className="mt-4 grid justify-items-start gap-1.5">
      <p className="text-text-3">What looks like this</p>
      <Button size="small" onClick={() => setEffect('pass')}>
        Always pass it
      </Button>
      <Button size="small" onClick={() => setEffect('ask')}>
        Always ask
      </Button>
      <LazyPart part={ruleDialog} when={effect !== null} onFailure={() => setEffect(null)}>
        {({ RuleDialog }) => effect && <RuleDialog draft={draft} effect={effect} onClose={() => setEffect(null)} />}
      </LazyPart>
    </div>
  );
}
