import { classNames } from './class-names';

type PanelProps = {
  title: string;
  icon?: React.ReactNode;
  /** Beside the title: counts, a label. */
  beside?: React.ReactNode;
  /** At the end of the head: links, buttons. */
  end?: React.ReactNode;
  className?: string;
  children: React.ReactNode;
};

/** A titled box on the ground. Never one in another. */
export function Panel({ title, icon, beside, end, className, children }: PanelProps) {
  return (
    <section
      aria-label={title}
      className={classNames('min-w-0 rounded-card border border-line-strong bg-surface', className)}
    >
      <header className="flex min-h-9 items-center gap-2 border-line border-b px-3">
        {icon}
        <h2 className="whitespace-nowrap font-name">{title}</h2>
        <div className="flex min-w-0 items-center gap-2 truncate text-meta text-text-3">{beside}</div>
        {end && <div className="ml-auto flex flex-none items-center gap-2 text-meta">{end}</div>}
      </header>
      {children}
    </section>
  );
}
