import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { AgentMarkdown } from './agent-markdown';

const html = (text: string) => renderToStaticMarkup(<AgentMarkdown text={text} />);

test('markdown is drawn', () => {
  const drawn = html('# Title\n\n**bold** and `code`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done');
  expect(drawn).toContain('<strong>bold</strong>');
  expect(drawn).toContain('<table');
  expect(drawn).toContain('☑');
  expect(drawn).not.toMatch(/<h\d/);
});

test('HTML is text', () => {
  const drawn = html('<script>alert(1)</script><img src=x onerror=alert(1)> <b onclick="x()">hi</b>');
  expect(drawn).not.toMatch(/<(script|img|b)[ >]/);
  expect(drawn).toContain('&lt;script&gt;');
});

test('nothing is fetched: an image is a link that names its host', () => {
  const drawn = html('![a chart](https://evil.example/pixel.png?who=me)');
  expect(drawn).not.toContain('<img');
  expect(drawn).toContain('href="https://evil.example/pixel.png?who=me"');
  expect(drawn).toContain('(evil.example)');
});

test('a link names its host, and takes nothing along', () => {
  const drawn = html('[bank.example](https://evil.example/login)');
  expect(drawn).toContain('rel="noopener noreferrer nofollow"');
  expect(drawn).toContain('(evil.example)');
  expect(html('[x](https://b\u0430nk.example)')).toContain('(xn--bnk-6cd.example)');
  expect(html('see https://a.example/x')).not.toContain('(a.example)');
  expect(html('[mail](mailto:mira@example.org)')).toContain('(mira@example.org)');
});

test('other schemes and relative addresses lead nowhere', () => {
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '/settings',
    'vbscript:x',
    '//evil.example',
  ]) {
    expect(html(`[x](${address})`), address).not.toContain('href');
    expect(html(`![x](${address})`), address).not.toContain('src');
  }
});

test('hidden characters are visible, in text and in code', () => {
  const drawn = html('pay\u202e100 `a\u200bb` nul\u0000');
  expect(drawn).toContain('>U+202E</span>');
  expect(drawn).toContain('>U+200B</span>');
  expect(drawn).toContain('\u2400');
  for (const hidden of ['\u202e', '\u200b', '\u0000']) expect(drawn).not.toContain(hidden);
});
