import { expect, test } from 'vitest';

import { inZone } from './in-zone.ts';

const NIGHT = { utc: '2026-07-01 04:30:15.123456', wall: '2026-06-30 23:30:15.123456' };

test.each([
  ['America/Chicago', '2026-06-30 23:30:15.123456'],
  ['UTC', '2026-07-01 04:30:15.123456'],
  ['Asia/Kolkata', '2026-07-01 10:00:15.123456'],
  ['Pacific/Kiritimati', '2026-07-01 18:30:15.123456'],
])('the wall clock of %s at an instant', (zone, wall) => {
  expect(inZone(NIGHT, zone)).toEqual({ utc: NIGHT.utc, wall });
});

test('midnight is hour 00 of the new day', () => {
  expect(inZone({ utc: '2026-01-02 06:00:00.000000', wall: '' }, 'America/Chicago').wall).toBe(
    '2026-01-02 00:00:00.000000',
  );
});

test('follows daylight saving: an hour before and after the clocks went back', () => {
  expect(inZone({ utc: '2026-11-01 06:30:00.000000', wall: '' }, 'America/Chicago').wall).toBe(
    '2026-11-01 01:30:00.000000',
  );
  expect(inZone({ utc: '2026-11-01 07:30:00.000000', wall: '' }, 'America/Chicago').wall).toBe(
    '2026-11-01 01:30:00.000000',
  );
});

test("without a zone the server's own wall clock stays", () => {
  expect(inZone(NIGHT, null)).toBe(NIGHT);
});
