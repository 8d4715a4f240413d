/**
 * What the person at the terminal reads. Progress goes to stdout, or to stderr when stdout belongs to the program that
 * is started. A failure is one sentence with the remedy; a stack trace is never shown for what was foreseen.
 */

let isStdoutReserved = false;

/** From now on stdout stays empty. */
export function speakOnStderr() {
  isStdoutReserved = true;
}

/** Where the output of child processes goes: `inherit`, or stderr while stdout is reserved. */
export function childOutput() {
  return isStdoutReserved ? ['ignore', 2, 2] : 'inherit';
}

/** @param {string} text One line of progress. */
export function say(text) {
  if (isStdoutReserved) console.error(`• ${text}`);
  else console.log(`• ${text}`);
}

/** Something foreseen went wrong; the message is a whole sentence that ends with what to do. */
export class Stop extends Error {}

/**
 * Runs a tool and turns whatever it throws into one sentence and exit code 1.
 *
 * @param {() => Promise<number | undefined>} tool Answers with the exit code; nothing means 0.
 */
export async function runTool(tool) {
  try {
    process.exitCode = (await tool()) ?? 0;
  } catch (error) {
    const unforeseen = process.env.GATEHOUSE_TRACE && error instanceof Error ? `\n${error.stack}` : '';
    console.error(
      error instanceof Stop
        ? `✗ ${error.message}`
        : `✗ ${error instanceof Error ? error.message : String(error)} (set GATEHOUSE_TRACE=1 to see where).${unforeseen}`,
    );
    process.exitCode = 1;
  }
}
