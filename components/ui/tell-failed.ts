import { showToast } from './toast';

/** Says in the corner why something that a person asked for did not come about. */
export const tellFailed = ({ message }: Error): void => showToast({ text: message, tone: 'fail' });
