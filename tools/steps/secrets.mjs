/**
 * Looks for planted secrets in files, also inside text that was encoded. Names the file, the place, the secret's name and
 * its form; never prints the secret.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './place.mjs';

const partBytes = 8 * 1024 * 1024;
const typedIn = join(root, 'test', 'fakes', 'planted-secrets.json');
/** Anything shorter would be found by chance. */
const fewestCharacters = 12;

/**
 * The secrets that tests type in, and those that were made during this run.
 *
 * @param {string | undefined} listOfRun One line of JSON `{ name, secret }` for each.
 * @returns {{ name: string, secret: string }[]}
 */
export function plantedSecrets(listOfRun) {
  const known = Object.entries(JSON.parse(readFileSync(typedIn, 'utf8')));
  const made =
    listOfRun !== undefined && existsSync(listOfRun)
      ? readFileSync(listOfRun, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  return [...known.map(([name, secret]) => ({ name, secret })), ...made];
}

/**
 * @param {string[]} folders Searched with everything below them; links are not followed.
 * @param {{ name: string, secret: string }[]} secrets
 * @returns {{ files: number, bytes: number, found: { file: string, offset: number, name: string, form: string }[] }}
 */
export function searchForSecrets(folders, secrets) {
  const needles = secrets.flatMap(({ name, secret }) => formsOf(secret).map((form) => ({ name, ...form })));
  const byText = new Map(needles.map((needle) => [needle.text, needle]));
  const anyOfThem = new RegExp([...byText.keys()].map(escaped).join('|'), 'g');
  const overlap = Math.max(...needles.map(({ text }) => text.length)) - 1;
  const sum = { files: 0, bytes: 0, found: [] };
  for (const file of folders.flatMap(filesBelow)) {
    sum.files += 1;
    for (const { text, offset } of partsOf(file, overlap)) {
      sum.bytes += text.length;
      for (const match of text.matchAll(anyOfThem)) {
        const { name, form } = byText.get(match[0]);
        sum.found.push({ file, offset: offset + match.index, name, form });
      }
    }
  }
  // The end of one part is read again with the next.
  sum.found = [...new Map(sum.found.map((one) => [`${one.file} ${one.offset} ${one.form}`, one])).values()];
  return sum;
}

/** Every way in which the secret might have been written, as one character a byte. */
function formsOf(secret) {
  if (secret.length < fewestCharacters) throw new Error('A planted secret must have 12 characters or more.');
  const bytes = Buffer.from(secret, 'utf8');
  const utf16 = Buffer.from(secret, 'utf16le');
  const hex = bytes.toString('hex');
  const everyByte = hex.replace(/../g, '%$&');
  const forms = [
    { form: 'raw', text: bytes.toString('latin1') },
    { form: 'UTF-16', text: utf16.toString('latin1') },
    { form: 'UTF-16 big-endian', text: Buffer.from(utf16).swap16().toString('latin1') },
    { form: 'hex', text: hex },
    { form: 'hex', text: hex.toUpperCase() },
    { form: 'URL-encoded', text: encodeURIComponent(secret) },
    { form: 'URL-encoded', text: new URLSearchParams({ '': secret }).toString().slice(1) },
    { form: 'URL-encoded', text: everyByte },
    { form: 'URL-encoded', text: everyByte.toUpperCase() },
    ...[0, 1, 2].flatMap((shift) => [
      { form: 'base64', text: base64Inside(bytes, shift, 'base64') },
      { form: 'base64', text: base64Inside(bytes, shift, 'base64url') },
    ]),
  ];
  // The first form wins where two are the same text.
  return forms.filter(({ text }, place) => forms.findIndex((one) => one.text === text) === place);
}

/** The letters that depend on the secret alone, wherever in an encoded text it starts (`shift` bytes into a group). */
function base64Inside(bytes, shift, encoding) {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(encoding);
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The file in parts that overlap, so that nothing hides on a border. */
function* partsOf(file, overlap) {
  const size = statSync(file).size;
  const handle = openSync(file, 'r');
  try {
    const part = Buffer.alloc(Math.min(size, partBytes + overlap));
    for (let offset = 0; offset < size; offset += partBytes) {
      const count = readSync(handle, part, 0, part.length, offset);
      yield { text: part.toString('latin1', 0, count), offset };
    }
  } finally {
    closeSync(handle);
  }
}
