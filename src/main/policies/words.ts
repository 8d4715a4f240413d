/**
 * The verbs and nouns by which a tool is judged. Lists only. What is in none of them is unknown, and unknown asks.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const readVerbs = words(
  'get list search fetch find read count describe check lookup query export show view download',
);

export const writeVerbs = words(
  'create update add set send post run execute assign enable disable move merge close resolve approve reset restart ' +
    'attach detach book schedule start stop pause resume change edit put patch write upload import sync invite ' +
    'unassign reopen cancel trigger publish apply install rename copy clone escalate acknowledge isolate link unlink',
);

export const destructiveVerbs = words(
  'delete remove wipe revoke purge uninstall destroy drop erase format retire terminate merge',
);

/** Names that mean the answer can hold a secret, compared with words joined by nothing: `recoverykey`. */
export const secretNouns: readonly string[] = [
  'password',
  'passwords',
  'passphrase',
  'passphrases',
  'passcode',
  'passcodes',
  'secret',
  'secrets',
  'recoverykey',
  'recoverykeys',
  'recoverycode',
  'recoverycodes',
  'backupcode',
  'backupcodes',
  'bitlocker',
  'laps',
  'mfaseed',
  'mfaseeds',
  'otpseed',
  'totp',
  'otp',
  'apikey',
  'apikeys',
  'accesskey',
  'accesskeys',
  'privatekey',
  'privatekeys',
  'sshkey',
  'sshkeys',
  'token',
  'tokens',
  'credential',
  'credentials',
];
