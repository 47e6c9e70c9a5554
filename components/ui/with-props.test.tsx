import { isValidElement, type ReactElement } from 'react';
import { expect, test } from 'vitest';
import { withProps } from './with-props';

const propsOf = (element: ReactElement): Record<string, unknown> =>
  isValidElement<Record<string, unknown>>(element) ? element.props : {};

test('an element keeps what it has, gets what it lacks, and hears of a press first', () => {
  const heard: string[] = [];
  const more = { title: 'theirs', 'aria-expanded': false, onClick: (by: string) => heard.push(`theirs ${by}`) };
  const button = (
    <button type="button" title="its own" onClick={() => heard.push('its own')}>
      Press
    </button>
  );
  const props = propsOf(withProps(button, more));
  expect(props).toMatchObject({ type: 'button', title: 'its own', 'aria-expanded': false, children: 'Press' });
  if (typeof props['onClick'] === 'function') props['onClick']('press');
  expect(heard).toEqual(['its own', 'theirs press']);
});

test('a handler that only one of them has is that one', () => {
  const onBlur = () => undefined;
  expect(propsOf(withProps(<button type="button">Press</button>, { onBlur }))['onBlur']).toBe(onBlur);
});
