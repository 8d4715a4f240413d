import { describe, expect, it } from 'vitest';
import { unionOfScopes, widenedScope } from '../../../src/main/mcp/scopes';

describe('scopes', () => {
  it.each([
    [[undefined, ''], undefined],
    [['a b', 'b  c'], 'a b c'],
    [['a', undefined, 'a'], 'a'],
  ])('of %j are together %s', (texts, all) => {
    expect(unionOfScopes(...texts)).toBe(all);
  });

  it('that a server asks for besides are kept, up to a length', () => {
    expect(widenedScope(undefined, 'orders.write')).toBe('orders.write');
    expect(widenedScope('orders.write', 'orders.delete')).toBe('orders.write orders.delete');
    expect(widenedScope('orders.write', undefined)).toBe('orders.write');
    expect(widenedScope('orders.write', 'x'.repeat(2_000))).toBe('orders.write');
    let kept: string | undefined;
    for (let count = 0; count < 1_000; count += 1) kept = widenedScope(kept, `scope-${count}`);
    expect(kept?.length).toBeLessThanOrEqual(2_000);
  });
});
