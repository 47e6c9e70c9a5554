import { showToast } from './toast';

/** For a part of the page that was wanted and did not come: Parley is away, or another version of it stands there now. */
export const tellNotLoaded = () =>
  showToast({ text: 'This part of the page could not be loaded. Reload the page and try again.', tone: 'fail' });
