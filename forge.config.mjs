/**
 * How packages are made: the files built by electron-vite and keytar, in one archive, with every door of Electron shut
 * that the application does not use. No source, no tests, no other `node_modules` go in.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import MakerDeb from '@electron-forge/maker-deb';
import MakerZip from '@electron-forge/maker-zip';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import { bridgeFolder, cache, root, runtimeFile } from './tools/steps/place.mjs';

const runtime = existsSync(runtimeFile) ? JSON.parse(readFileSync(runtimeFile, 'utf8')) : { kind: 'release' };
const packageDescription = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** A package on the substitute runtime is for tests only, and its version says so. */
const isTest = runtime.kind === 'substitute';
const icon = join(root, 'resources', 'icons', 'icon.png');

/** What goes into the package, and every folder on the way there; everything else stays out. */
const included = [
  '/package.json',
  '/LICENSE',
  '/build/catalog.json',
  '/build/main',
  '/build/preload',
  '/build/renderer',
  '/resources/icons',
  '/resources/practice',
  '/node_modules/keytar/package.json',
  '/node_modules/keytar/LICENSE.md',
  '/node_modules/keytar/lib',
  `/node_modules/keytar/prebuilds/${process.platform}-${process.arch}`,
];

function isIncluded(path) {
  return included.some(
    (entry) => path === '' || path === entry || path.startsWith(`${entry}/`) || entry.startsWith(`${path}/`),
  );
}

const testMark = '-testruntime';

function marked(version) {
  return isTest && !version.endsWith(testMark) ? `${version}${testMark}` : version;
}

/** Leaves in the packaged package.json what the application reads, and nothing about how it was made. */
function trimDescription(folder) {
  const file = join(folder, 'package.json');
  const { name, productName, version, description, license, author, type, main, dependencies } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const kept = {
    name,
    productName,
    version,
    description,
    license,
    author,
    type,
    main,
    dependencies,
  };
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
}

export default {
  outDir: 'out',
  packagerConfig: {
    name: 'Gatehouse',
    executableName: 'gatehouse',
    // The packager writes this version into the packaged package.json as well.
    appVersion: marked(packageDescription.version),
    appBundleId: 'org.gatehouse.app',
    asar: { unpackDir: 'node_modules/keytar' },
    derefSymlinks: false,
    prune: false,
    ignore: (path) => !isIncluded(path),
    afterCopy: [async ({ buildPath }) => trimDescription(buildPath)],
    ...(existsSync(join(root, 'resources', 'icons'))
      ? { icon: join(root, 'resources', 'icons', 'icon') }
      : {}),
    ...(process.platform === 'win32' ? { extraResource: [bridgeFolder] } : {}),
    ...(isTest ? { electronZipDir: join(cache, 'runtime-zip') } : {}),
  },
  // keytar brings its own binaries.
  rebuildConfig: { ignoreModules: ['keytar'] },
  hooks: {
    readPackageJson: async (_config, description) => ({
      ...description,
      version: marked(description.version),
    }),
  },
  makers: [
    new MakerDeb({
      options: {
        name: 'gatehouse',
        bin: 'gatehouse',
        productName: 'Gatehouse',
        genericName: 'Agent gateway',
        categories: ['Utility', 'Network'],
        section: 'net',
        maintainer: 'The Gatehouse authors',
        depends: ['libsecret-1-0'],
        compression: isTest ? 'gzip' : 'xz',
        ...(existsSync(icon) ? { icon } : {}),
      },
    }),
    new MakerZip({}, ['linux', 'darwin', 'win32']),
  ],
  plugins: [
    new FusesPlugin({
      version: FuseVersion.V1,
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    }),
  ],
};
