/**
 * Where the page comes from and whom calls are taken from: the built files, or while developing the one server that
 * the build tool names. A packaged build never listens to that name.
 */
import { appOrigin, appPage } from './app-address';

export interface PagePlace {
  readonly address: string;
  readonly origin: string;
  readonly isDevelopment: boolean;
}

/** @param serverAddress The value of `ELECTRON_RENDERER_URL`; anything but http on this computer is ignored. */
export function pagePlace(isPackaged: boolean, serverAddress: string | undefined): PagePlace {
  const built = { address: appPage, origin: appOrigin, isDevelopment: false };
  if (isPackaged || serverAddress === undefined || !URL.canParse(serverAddress)) return built;
  const { protocol, hostname, origin, href } = new URL(serverAddress);
  const isOwnComputer = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol !== 'http:' || !isOwnComputer) return built;
  return { address: href, origin, isDevelopment: true };
}
