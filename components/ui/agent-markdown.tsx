import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { classNames } from './class-names';
import { HiddenCharacter } from './hostile-text';
import { markHidden } from './mark-hidden';
import { OutwardLink } from './outward-link';

/** Headings of a message are not headings of the page: they look like names and stay out of its outline. */
const Heading = ({ children }: { children?: React.ReactNode }) => (
  <p className="mt-2 font-strong first:mt-0">{children}</p>
);

const components: Components = {
  h1: Heading,
  h2: Heading,
  h3: Heading,
  h4: Heading,
  h5: Heading,
  h6: Heading,
  a: ({ href, children }) => <OutwardLink href={href}>{children}</OutwardLink>,
  img: ({ src, alt }) => (
    <OutwardLink href={typeof src === 'string' ? src : undefined}>image: {alt || 'without a description'}</OutwardLink>
  ),
  p: ({ children }) => <p className="mt-2 first:mt-0">{children}</p>,
  ul: ({ children }) => <ul className="mt-1 list-disc pl-5">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="mt-1 list-decimal pl-5">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => (
    <blockquote className="mt-2 border-line-strong border-l-2 pl-3 text-text-2">{children}</blockquote>
  ),
  hr: () => <hr className="my-2 border-line" />,
  code: ({ children }) => <code className="rounded-tile bg-press px-1 font-mono text-[0.9em]">{children}</code>,
  pre: ({ children }) => (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="thin-scroll mt-2 overflow-x-auto rounded-control border border-line bg-ground px-2.5 py-1.5 font-mono text-mono [&_code]:bg-transparent [&_code]:p-0 [&_code]:text-[1em]"
    >
      {children}
    </pre>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div tabIndex={0} className="thin-scroll mt-2 overflow-x-auto">
      <table className="border-collapse text-ui">{children}</table>
    </div>
  ),
  th: ({ children }) => <th className="border border-line-strong px-2 py-1 text-left font-name">{children}</th>,
  td: ({ children }) => <td className="border border-line px-2 py-1 align-top">{children}</td>,
  input: ({ checked }) => <span>{checked ? '☑' : '☐'}</span>,
  mark: ({ node, children }) => {
    const { name } = node?.properties ?? {};
    return typeof name === 'string' ? <HiddenCharacter code={String(children)} name={name} /> : children;
  },
};

const remarkPlugins = [remarkGfm];
const rehypePlugins = [markHidden];

/**
 * Markdown as an agent wrote it, with nothing that acts: HTML is shown as text, images and links name their host and
 * only http, https and mailto lead anywhere, and characters that would not be seen are made visible.
 */
export function AgentMarkdown({ text, className }: { text: string; className?: string }) {
  return (
    <div dir="auto" className={classNames('isolate text-talk text-pretty [overflow-wrap:anywhere]', className)}>
      <Markdown
        components={components}
        remarkPlugins={remarkPlugins}
        rehypePlugins={rehypePlugins}
        urlTransform={keepUrl}
      >
        {text.replaceAll('\u0000', '\u2400')}
      </Markdown>
    </div>
  );
}

/** Left as written: `OutwardLink` alone decides which addresses lead anywhere, and images are never fetched. */
const keepUrl = (url: string) => url;
