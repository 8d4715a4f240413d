import { describe, expect, it } from 'vitest';
import { parsePlace, placeOn } from '../../../src/main/window/window-bounds';

const primary = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const place = { x: 100, y: 100, width: 1200, height: 800, maximised: false };

describe('the place of the window', () => {
  it('is the middle of the primary screen at the first start', () => {
    expect(placeOn(undefined, [primary])).toEqual({
      x: 340,
      y: 143,
      width: 1240,
      height: 820,
      maximised: false,
    });
  });

  it('is where it was, on any screen', () => {
    expect(placeOn(place, [primary])).toEqual(place);
    const onSecond = { ...place, x: 1950, maximised: true };
    expect(placeOn(onSecond, [primary, second])).toEqual(onSecond);
  });

  it('comes back to the primary screen when its screen is gone', () => {
    expect(placeOn({ ...place, x: 2500 }, [primary])).toMatchObject({ x: 360, y: 153, width: 1200 });
    expect(placeOn({ ...place, y: 5000 }, [primary])).toMatchObject({ x: 360, y: 153 });
    expect(placeOn({ ...place, x: -1190 }, [primary])).toMatchObject({ x: 360 });
  });

  it('keeps the title bar on the screen and the size within it', () => {
    expect(placeOn({ ...place, y: 0 }, [primary]).y).toBe(25);
    expect(placeOn({ ...place, width: 9000, height: 10 }, [primary])).toMatchObject({
      width: 1920,
      height: 600,
    });
  });

  it('is never smaller than the least size, even without a screen to speak of', () => {
    expect(placeOn(place, [{ x: 0, y: 0, width: 640, height: 480 }])).toMatchObject({
      width: 940,
      height: 600,
    });
    expect(placeOn(undefined, [])).toMatchObject({ x: 0, y: 0 });
  });

  it('is forgotten when the file is spoilt', () => {
    expect(parsePlace(JSON.stringify(place))).toEqual(place);
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"x":1}',
      JSON.stringify({ ...place, x: 'left' }),
      '{"x":1e99}',
    ]) {
      expect(parsePlace(text)).toBeUndefined();
    }
  });
});
