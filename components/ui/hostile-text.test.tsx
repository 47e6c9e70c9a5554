import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { HostileText } from './hostile-text';

const html = (text: string) => renderToStaticMarkup(<HostileText text={text} />);

test('markup is text', () => {
  expect(html('<img src=x onerror=alert(1)>')).toContain('&lt;img src=x onerror=alert(1)&gt;');
});

test('hidden characters are named', () => {
  const drawn = html('ok\u202eko\u0000');
  expect(drawn).toContain('title="U+202E right-to-left override"');
  expect(drawn).toContain('\u2400');
  expect(drawn).not.toContain('\u202e');
});
