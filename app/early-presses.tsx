import { AWAKE, keepEarlyPresses, TAKEN_OVER } from '@/components/ui/keep-early-presses';

const source = `(${keepEarlyPresses})(${JSON.stringify(TAKEN_OVER)},${JSON.stringify(AWAKE)})`;

/** First in the document: until the page's files are there, nobody else hears what is pressed. */
export const EarlyPresses = ({ nonce }: { nonce: string | undefined }) => (
  <script nonce={nonce} suppressHydrationWarning>
    {source}
  </script>
);
