import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childEnvironment } from '@/lib/server/env';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const WITHOUT_WINDOWS = ['chromium-headless-shell', 'chrome-headless-shell'];

/** Where the browsers' own installers put them, which is on no PATH. */
const ELSEWHERE = [
  '/usr/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of the Chromium that this machine has, or null. */
export const findChromium = (): string | null => onPath(NAMES) ?? ELSEWHERE.find(isProgram) ?? null;

/**
 * Path of the Chromium that has no windows at all, which Debian packages by itself, or null. It draws and runs pages as
 * the other one does; journeys cost 14 to 20 % less processor time in it.
 */
export const findHeadlessShell = (): string | null => onPath(WITHOUT_WINDOWS);

function onPath(names: string[]): string | null {
  const directories = (childEnvironment()['PATH'] ?? '').split(delimiter).filter(Boolean);
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isProgram) ?? null;
}

/** Whether Chromium can be installed here without asking anybody: as root on Debian. Ubuntu's package is an empty shell. */
export const mayInstallChromium = (): boolean =>
  process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && /^ID="?debian"?$/m.test(releaseText());

const releaseText = () => (existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
}
