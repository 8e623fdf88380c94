import { describe, expect, it, vi } from 'vitest';

import { minuteOfDay, minutesUntilClose, watchSourceWindow } from './source-window.ts';

const night = { from: 21 * 60, until: 6 * 60 };
const noon = { from: 11 * 60, until: 14 * 60 };

describe('minutesUntilClose', () => {
  it.each([
    [night, '20:59', 0],
    [night, '21:00', 540],
    [night, '23:59', 361],
    [night, '00:00', 360],
    [night, '05:59', 1],
    [night, '06:00', 0],
    [noon, '10:59', 0],
    [noon, '11:00', 180],
    [noon, '13:30', 30],
    [noon, '14:00', 0],
  ] as const)('%o at %s: %i', (window, time, minutes) => {
    expect(minutesUntilClose(window, minuteOfDay(`2026-03-01 ${time}:00.000000`))).toBe(minutes);
  });
});

describe('watchSourceWindow', () => {
  it('says in words why nothing may be read', () => {
    using window = watchSourceWindow(night, '2026-03-01 12:00:00');
    expect(window.signal.aborted).toBe(true);
    expect(window.whyClosed()).toBe('the source may be read from 21:00 to 06:00 only, by its own clock');
  });

  it('closes when its time has come', () => {
    vi.useFakeTimers();
    using window = watchSourceWindow(night, '2026-03-01 05:58:30');
    expect(window.whyClosed()).toBeNull();
    vi.advanceTimersByTime(89_000);
    expect(window.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(window.signal.aborted).toBe(true);
    vi.useRealTimers();
  });

  it('is always open where none is configured', () => {
    using window = watchSourceWindow(null, '2026-03-01 12:00:00');
    expect(window.whyClosed()).toBeNull();
  });
});
