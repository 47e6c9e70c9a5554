import { CopyButton } from '@/components/ui/copy-button';

/** A secret that is shown this one time. */
export const SecretOnce = ({ label, secret, hint }: { label: string; secret: string; hint: string }) => (
  <div role="status" className="rounded-control border border-wait-line bg-wait-wash px-3 py-2">
    <div className="flex items-center justify-between gap-3">
      <span className="min-w-0 truncate font-name">{label}</span>
      <CopyButton withWord label="Copy" text={() => secret} />
    </div>
    <code className="mt-1 block select-all font-mono text-mono [overflow-wrap:anywhere]">{secret}</code>
    <p className="mt-1 text-meta text-text-2">{hint}</p>
  </div>
);
