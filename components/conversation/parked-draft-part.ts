import { lazyModule } from '@/components/ui/lazy-module';

/** What a draft is answered with. Loaded with the first one that waits. */
export const parkedDraft = lazyModule(() => import('./parked-draft'));
