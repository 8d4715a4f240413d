import { expect, it } from 'vitest';
import { bridgeCommand } from '../../../src/main/gateway/bridge-command';

const place = {
  platform: 'linux',
  isPackaged: true,
  program: '/usr/lib/gatehouse/gatehouse',
  resources: '/usr/lib/gatehouse/resources',
  script: '/work/build/main/stdio.js',
};

it.each([
  ['a package', place, '/usr/lib/gatehouse/gatehouse', []],
  [
    'a package on macOS',
    { ...place, platform: 'darwin', program: '/Applications/Gatehouse.app/Contents/MacOS/gatehouse' },
    '/Applications/Gatehouse.app/Contents/MacOS/gatehouse',
    [],
  ],
  [
    'a package on Windows, where a program with windows cannot read its input',
    { ...place, platform: 'win32', resources: 'C:\\Gatehouse\\resources' },
    'C:\\Gatehouse\\resources\\gatehouse-stdio\\node.exe',
    ['C:\\Gatehouse\\resources\\gatehouse-stdio\\gatehouse-stdio.mjs'],
  ],
  ['no package', { ...place, isPackaged: false }, 'node', ['/work/build/main/stdio.js']],
])('a client is told to start the bridge of %s', (_what, where, command, args) => {
  expect(bridgeCommand(where)).toEqual({ command, args });
});
