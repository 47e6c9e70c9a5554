/** Heading and one sentence of a step. */
export const StepHead = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <>
    <h1 className="font-strong text-figure tracking-[-0.01em]">{title}</h1>
    <p className="mt-1 mb-5 text-pretty text-talk text-text-2">{children}</p>
  </>
);
