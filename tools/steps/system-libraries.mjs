/**
 * Checks what Electron needs from a Linux system. On Debian and Ubuntu as root the missing packages are installed, after
 * saying so; anyone else gets the one command to run. Other systems bring everything along.
 */
import { existsSync } from 'node:fs';
import { has, output, run } from './child.mjs';
import { isRoot } from './place.mjs';
import { Stop, say } from './say.mjs';

const windowPackages = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libatspi2.0-0',
  'libatk-bridge2.0-0',
  'libcups2',
  'libdrm2',
  'libxkbcommon0',
  'libxcomposite1',
  'libxdamage1',
  'libxfixes3',
  'libxrandr2',
  'libxtst6',
  'libxss1',
  'libnotify4',
  'fonts-dejavu-core',
];

/**
 * What can be asked for. `missing` answers with words for the person, or nothing when all is there.
 * `optional`: goes on without it when it cannot be installed here.
 */
const needs = {
  window: {
    packages: windowPackages,
    missing: ({ executable }) => {
      const lines = output('ldd', [executable ?? '']) ?? '';
      const lacking = lines.split('\n').filter((line) => line.includes('not found'));
      return lacking.length > 0
        ? `libraries that Electron needs (${lacking[0]?.trim().split(' ')[0]} …)`
        : undefined;
    },
  },
  display: {
    packages: ['xvfb'],
    missing: () => (hasDisplay() || has('Xvfb') ? undefined : 'a display, or Xvfb as a virtual one'),
  },
  keychain: {
    packages: ['libsecret-1-0'],
    optional: true,
    missing: () =>
      hasLibrary('libsecret-1.so.0') ? undefined : 'libsecret, through which the keychain is reached',
  },
  keyring: {
    packages: ['gnome-keyring', 'dbus', 'libsecret-1-0'],
    missing: () =>
      has('gnome-keyring-daemon') && has('dbus-run-session')
        ? undefined
        : 'a Secret Service for the tests (gnome-keyring)',
  },
  typing: {
    packages: ['xvfb', 'xdotool'],
    optional: true,
    missing: () =>
      has('Xvfb') && has('xdotool') ? undefined : 'a keyboard for a virtual screen (xdotool), for a test',
  },
  browser: {
    packages: ['chromium'],
    optional: true,
    missing: () =>
      ['chromium', 'chromium-browser', 'google-chrome'].some((name) => has(name))
        ? undefined
        : 'a browser (chromium), for the test of the sign-in in the system browser',
  },
  packaging: {
    packages: ['dpkg', 'fakeroot', 'zip'],
    missing: () => ['dpkg', 'fakeroot', 'zip'].filter((name) => !has(name)).join(', ') || undefined,
  },
};

/** True when a window can be shown without any help. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * @param {(keyof typeof needs)[]} names What the caller is going to use.
 * @param {{ executable?: string }} facts `executable`: the Electron whose libraries are looked up.
 */
export async function ensureSystemLibraries(names, facts = {}) {
  if (process.platform !== 'linux') return;
  const lacking = names
    .map((name) => ({ ...needs[name], words: needs[name].missing(facts) }))
    .filter(({ words }) => words);
  if (lacking.length === 0) return;
  const words = lacking.map(({ words }) => words).join('; ');
  const packages = [...new Set(lacking.flatMap((need) => need.packages))];
  const isDebian = existsSync('/etc/debian_version') && has('apt-get');
  const isOptional = lacking.every(({ optional }) => optional);
  if (isDebian && isRoot) return install(words, packages, { names, facts, isOptional });
  const sentence = isDebian
    ? `This system lacks ${words}: run  sudo apt-get install ${packages.join(' ')}  and try again.`
    : `This system lacks ${words}: install them with its package manager (on Debian they are ${packages.join(', ')}).`;
  if (isOptional) say(sentence);
  else throw new Stop(sentence);
}

async function install(words, packages, { names, facts, isOptional }) {
  say(`This system lacks ${words}; installing ${packages.join(' ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const stdio = ['ignore', 'ignore', 2];
  await run('apt-get', ['update', '-qq'], { env, stdio });
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages.map(nameHere)];
  const code = await run('apt-get', args, { env, stdio });
  const still = names.map((name) => needs[name].missing(facts)).find(Boolean);
  if (code === 0 && !still) return;
  const sentence = `apt-get could not install everything: run  apt-get install ${packages.join(' ')}  and read its answer.`;
  if (isOptional) say(sentence);
  else throw new Stop(sentence);
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries (64-bit time): `libgtk-3-0` became `libgtk-3-0t64`. */
function nameHere(name) {
  return output('apt-cache', ['show', '--no-all-versions', `${name}t64`]) ? `${name}t64` : name;
}

function hasLibrary(file) {
  const listed = output('/sbin/ldconfig', ['-p']) ?? output('ldconfig', ['-p']);
  return listed === undefined || listed.includes(file);
}
