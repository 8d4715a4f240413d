/**
 * Where the window opens: where it was, when that is still on a screen. Anything odd in the remembered place is
 * ignored, never an error.
 */
import { z } from 'zod';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const minSize = { width: 940, height: 600 } as const;
const usualSize = { width: 1240, height: 820 } as const;
/** So much of the window must be on a screen, so that its title bar can be gripped. In pixels. */
const grip = { width: 120, height: 40 } as const;

const pixels = z.number().int().min(-100_000).max(100_000);
const placeSchema = z.object({ x: pixels, y: pixels, width: pixels, height: pixels, maximised: z.boolean() });
export type WindowPlace = z.infer<typeof placeSchema>;

/** The remembered place; undefined when the text is not one. @param text Untrusted. */
export function parsePlace(text: string): WindowPlace | undefined {
  try {
    return placeSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The place to open at.
 *
 * @param remembered Undefined at the first start.
 * @param screens    Work areas, the primary one first; at least one.
 */
export function placeOn(remembered: WindowPlace | undefined, screens: readonly Area[]): WindowPlace {
  const primary = screens[0] ?? { x: 0, y: 0, ...usualSize };
  const wanted = remembered ?? { ...centred(usualSize, primary), maximised: false };
  const home = screens.find((screen) => isReachable(wanted, screen));
  const { maximised } = wanted;
  const target = home ?? primary;
  const size = {
    width: between(wanted.width, minSize.width, target.width),
    height: between(wanted.height, minSize.height, target.height),
  };
  if (!home) return { ...centred(size, primary), maximised };
  return { x: wanted.x, y: Math.max(wanted.y, home.y), ...size, maximised };
}

function isReachable(window: Area, screen: Area): boolean {
  const shownWidth =
    Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const titleIsOn = window.y >= screen.y - grip.height && window.y + grip.height <= screen.y + screen.height;
  return shownWidth >= grip.width && titleIsOn;
}

function centred(size: { width: number; height: number }, screen: Area): Area {
  return {
    x: screen.x + Math.max(0, Math.round((screen.width - size.width) / 2)),
    y: screen.y + Math.max(0, Math.round((screen.height - size.height) / 2)),
    width: size.width,
    height: size.height,
  };
}

/** A screen smaller than the least size does not make the window smaller than that. */
function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
