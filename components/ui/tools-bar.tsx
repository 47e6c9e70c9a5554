/** The row under the bar: filters at the start, what one does here at the end. */
export const ToolsBar = ({ children, end }: { children?: React.ReactNode; end?: React.ReactNode }) => (
  <div className="flex min-h-10 flex-none flex-wrap items-center gap-x-2 gap-y-1.5 border-line-strong border-b px-3 py-1.5 desk:pl-4">
    {children}
    {end && <div className="ml-auto flex flex-none items-center gap-2">{end}</div>}
  </div>
);
