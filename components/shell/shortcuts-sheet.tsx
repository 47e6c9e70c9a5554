'use client';

import { Dialog } from '@/components/ui/dialog';
import { Keycap } from '@/components/ui/keycap';
import { type ShortcutGroup, useShortcutGroups } from '@/components/ui/use-shortcuts';

/** The newest group wins: what an older one would do with the same keys is not heard, and not listed. */
function heard(groups: readonly ShortcutGroup[]): ShortcutGroup[] {
  const taken = new Set<string>();
  return groups
    .toReversed()
    .map(({ title, shortcuts }) => {
      const own = shortcuts.filter(({ keys }) => !taken.has(keys));
      for (const { keys } of own) taken.add(keys);
      return { title, shortcuts: own };
    })
    .toReversed();
}

/** All keys that work on this page now, by the part they belong to. */
export function ShortcutsSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const groups = Map.groupBy(heard(useShortcutGroups()), (group) => group.title);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys"
      description="Letters work while you are not typing. What is listed works on this page."
      width="wide"
    >
      <div className="columns-1 gap-8 desk:columns-2">
        {[...groups].map(([title, parts]) => (
          <section key={title} aria-label={title} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 font-name text-text-2">{title}</h3>
            <dl>
              {parts
                .flatMap((part) => part.shortcuts)
                .map(({ keys, label }) => (
                  <div key={keys} className="flex items-center justify-between gap-4 border-line border-b py-1">
                    <dt>{label}</dt>
                    <dd className="flex gap-[3px]">
                      {keys.split(' ').map((step) => (
                        <Keycap key={step} keys={step} always />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
