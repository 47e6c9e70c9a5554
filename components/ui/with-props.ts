import { cloneElement, isValidElement, type ReactElement } from 'react';

type Props = Record<string, unknown>;

/** The element with more properties. Its own count where both have one; of a handler that both have, its own goes first. */
export function withProps(element: ReactElement, more: Props): ReactElement {
  if (!isValidElement<Props>(element)) return element;
  const own = element.props;
  const both = Object.entries(more).flatMap(([name, handler]) => {
    const first = own[name];
    if (typeof handler !== 'function' || typeof first !== 'function') return [];
    const call = (...given: unknown[]) => {
      first(...given);
      handler(...given);
    };
    return [[name, call] as const];
  });
  return cloneElement(element, { ...more, ...own, ...Object.fromEntries(both) });
}
