import { useSyncExternalStore } from 'react';

const never = () => () => undefined;
const apple = () => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Whether ⌘ is this machine's command key. The server draws ⌘; the first render in the browser corrects it. */
export const useApple = (): boolean => useSyncExternalStore(never, apple, () => true);
