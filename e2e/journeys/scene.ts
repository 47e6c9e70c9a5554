import type { Page } from '@playwright/test';
import type { Talk } from './scripted-agents';

/** Something that stands on the screen: where it is found, and what brings it there. */
export type Scene = {
  name: string;
  path: (talk: Talk) => string;
  /** Opens what is to be seen and resolves when it is there. */
  show: (page: Page, talk: Talk) => Promise<unknown>;
  /** On one width alone. */
  only?: 'wide' | 'narrow';
  /** Nobody is signed in. */
  outside?: true;
  /** Statuses of answers that belong to it. */
  statuses?: number[];
};
