import { expect, test } from 'vitest';
import { deviceName } from './device-name';

test('a browser is called as people call it', () => {
  expect(
    deviceName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'),
  ).toBe('Chrome on Linux');
  expect(
    deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604'),
  ).toBe('Safari on iPhone');
  expect(deviceName('curl/8')).toBe('a browser');
});
