/**
 * The application's menu, of the system's own roles. A packaged build has no way to reload the page or to open the
 * developer tools.
 */
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** Sets the menu; once, when the application is ready. */
export function setMenu({ isPackaged, isMac }: { isPackaged: boolean; isMac: boolean }): void {
  const application: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const development: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...application,
      { label: '&File', submenu: [isMac ? { role: 'close' } : { role: 'quit' }] },
      { role: 'editMenu' },
      {
        label: '&View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          ...development,
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
