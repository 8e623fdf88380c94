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

  it.each([
    ['forward', '2026-03-29 01:30:00', '2026-03-29 03:10:00', 170],
    ['back', '2026-10-25 02:30:00', '2026-10-25 02:10:00', 230],
  ])('goes by the source, whose clock was put %s', (_where, opened, later, minutes) => {
    vi.useFakeTimers();
    using window = watchSourceWindow(night, opened);
    vi.advanceTimersByTime(40 * 60_000);
    window.follow(later);
    vi.advanceTimersByTime(minutes * 60_000 - 1);
    expect(window.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(window.signal.aborted).toBe(true);
    vi.useRealTimers();
  });

  it('closes at once where the clock was put beyond its end, and stays closed', () => {
    using window = watchSourceWindow(night, '2026-03-29 05:30:00');
    window.follow('2026-03-29 06:10:00');
    expect(window.signal.aborted).toBe(true);
    window.follow('2026-03-29 05:40:00');
    expect(window.whyClosed()).toContain('21:00 to 06:00');
  });

  it('is always open where none is configured', () => {
    using window = watchSourceWindow(null, '2026-03-01 12:00:00');
    expect(window.whyClosed()).toBeNull();
  });
});
