import { describe, expect, test } from 'vitest';

import { snapshotCap } from './snapshot-cap.ts';
import type { SnapshotTime } from './types.ts';

const SNAPSHOT: SnapshotTime = { wall: '2024-03-10 00:00:05.750000', utc: '2024-03-10 05:00:05.750000' };

describe('snapshotCap', () => {
  test('each kind has its own clock, cut to the whole second', () => {
    expect(snapshotCap('timestamp', SNAPSHOT, null)?.text).toBe('2024-03-10 05:00:05');
    expect(snapshotCap('datetime', SNAPSHOT, null)?.text).toBe('2024-03-10 00:00:05');
    expect(snapshotCap('date', SNAPSHOT, null)?.text).toBe('2024-03-10');
    expect(snapshotCap('integer', SNAPSHOT, null)).toBeNull();
  });

  test('an open transaction holds the cap back, over midnight too', () => {
    expect(snapshotCap('timestamp', SNAPSHOT, 6)?.text).toBe('2024-03-10 04:59:59');
    expect(snapshotCap('timestamp', SNAPSHOT, 5.1)?.text).toBe('2024-03-10 04:59:59');
    expect(snapshotCap('datetime', SNAPSHOT, 6)?.text).toBe('2024-03-09 23:59:59');
    expect(snapshotCap('date', SNAPSHOT, 6)?.text).toBe('2024-03-09');
  });

  test('a negative age does not move the cap ahead', () => {
    expect(snapshotCap('timestamp', SNAPSHOT, -60)?.text).toBe('2024-03-10 05:00:05');
  });

  test('a source whose clock stands at zero is refused', () => {
    expect(() => snapshotCap('datetime', { ...SNAPSHOT, wall: '1899-01-01 00:00:00.000000' }, null)).toThrow(
      RangeError,
    );
  });
});
