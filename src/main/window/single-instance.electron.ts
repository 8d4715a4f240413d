/**
 * One Gatehouse per data folder: a second start brings the first window to the front and ends.
 */
import { app } from 'electron';

/**
 * Claims the data folder. Must run after the folder is set and before anything in it is opened.
 *
 * @param onSecondStart Runs in the first instance, each time somebody starts another one.
 * @returns False in a second instance, which must then do nothing but end; it is on its way out.
 */
export function claimSingleInstance(onSecondStart: () => void): boolean {
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return false;
  }
  app.on('second-instance', onSecondStart);
  return true;
}
