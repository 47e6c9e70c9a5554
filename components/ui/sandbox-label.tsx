/** Stands wherever data of the sandbox is shown: scripted agents, nothing real. */
export function SandboxLabel({ className = '' }: { className?: string }) {
  return (
    <span
      title="Scripted agents on this machine"
      className={`inline-flex h-5 flex-none items-center whitespace-nowrap rounded-control border border-text-3 border-dashed px-[7px] text-micro font-control text-text-2 ${className}`}
    >
      Sandbox
    </span>
  );
}
