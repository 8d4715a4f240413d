/**
 * `node tools/find-secrets.mjs FOLDER …`: fails when one of the secrets that the tests plant lies in a file below these
 * folders. GATEHOUSE_TEST_SECRETS names the list of those made during the run.
 */
import { relative } from 'node:path';
import { root } from './steps/place.mjs';
import { runTool, Stop, say } from './steps/say.mjs';
import { plantedSecrets, searchForSecrets } from './steps/secrets.mjs';

await runTool(async () => {
  const folders = process.argv.slice(2);
  if (folders.length === 0) throw new Stop('Say where to look: node tools/find-secrets.mjs FOLDER …');
  const secrets = plantedSecrets(process.env.GATEHOUSE_TEST_SECRETS);
  const { files, bytes, found } = searchForSecrets(folders, secrets);
  for (const { file, offset, name, form } of found) {
    console.error(`✗ ${relative(root, file)}: the ${name} (${form}) stands at byte ${offset}.`);
  }
  const megabytes = (bytes / 1_000_000).toFixed(1);
  say(
    `Searched ${files} files (${megabytes} MB) for ${secrets.length} planted secrets: ${found.length} places.`,
  );
  // A search that looked at nothing has proven nothing.
  return found.length === 0 && files > 0 ? 0 : 1;
});
