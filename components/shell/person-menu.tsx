'use client';

import { lazyModule } from '@/components/ui/lazy-module';
import { Menu } from '@/components/ui/menu';
import { initials } from '@/components/ui/tile-letters';
import { useCaller } from '@/lib/client/caller';

/** Loaded with the press that opens them. */
const commands = lazyModule(() => import('./person-commands'));

/** Who is signed in, and the way out. */
export function PersonMenu() {
  const caller = useCaller();
  return (
    <Menu
      part={commands}
      trigger={
        <button
          type="button"
          title={`${caller.name} · ${caller.role}`}
          className="grid size-6 flex-none place-items-center rounded-round pointer-coarse:size-11"
        >
          <span
            aria-hidden="true"
            className="grid size-6 place-items-center rounded-round bg-human font-strong text-micro text-surface"
          >
            {initials(caller.name)}
          </span>
          <span className="sr-only">
            {caller.name}, {caller.role}
          </span>
        </button>
      }
    >
      <Commands />
    </Menu>
  );
}

/** Within the menu, which is drawn only once they are there. */
function Commands() {
  const parts = commands.now();
  return parts && <parts.PersonCommands />;
}
