const words = {
  sandbox: { text: 'Sandbox', title: 'Scripted agents on this machine' },
  simulated: { text: 'Simulated', title: 'Parley plays the agent: nothing is really done' },
} as const;

/** Stands wherever something is shown that is not real: agents of the sandbox, work that is simulated. */
export function SandboxLabel({ what = 'sandbox', className = '' }: { what?: keyof typeof words; className?: string }) {
  const { text, title } = words[what];
  return (
    <span
      title={title}
      className={`inline-flex h-[18px] flex-none items-center whitespace-nowrap rounded-tile border border-text-3 border-dashed px-[5px] text-micro font-control text-text-2 ${className}`}
    >
      {text}
    </span>
  );
}
