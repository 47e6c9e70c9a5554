import { classNames } from './class-names';

const tones = {
  plain: 'border-line-strong bg-surface text-text-2',
  wait: 'border-wait-line bg-wait-wash text-text',
  fail: 'border-fail bg-fail-wash text-fail-text',
  human: 'border-human bg-human-wash text-human-text',
  done: 'border-done bg-done-wash text-done-text',
} as const;

type TagProps = { tone?: keyof typeof tones; title?: string; className?: string; children: React.ReactNode };

/** A word or two in a hairline box: counts, roles, marks. */
export function Tag({ tone = 'plain', title, className, children }: TagProps) {
  return (
    <span
      title={title}
      className={classNames(
        'inline-flex h-[18px] max-w-full flex-none items-center gap-1 whitespace-nowrap rounded-tile border px-[5px] text-micro font-control',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
