import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { crash } from './crash-round.ts';
import { inParallel } from './in-parallel.ts';
import { cellOf, crashesOf, HOP_POINTS, isOrdinary, type Crash } from './matrix.ts';
import { readPage, renderPage, type Cells } from './matrix-page.ts';
import { makeReference, type Reference } from './reference.ts';
import { openRoom, type Room } from './room.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

const PAGE = new URL('../../../../docs/crash-matrix.md', import.meta.url);
const ROOMS = 2;

/** `page`: every cell of the page. `all`: each of them at every table and chunk. Else a part. */
const extent = process.env['TIDEMARK_TEST_CRASHES'] ?? 'part';
const updates = process.env['TIDEMARK_TEST_UPDATE'] === '1';

let rooms: Room[] = [];
const references = new Map<Scenario, Reference>();
const found = new Map<Crash, string>();
let crashes: Crash[] = [];

beforeAll(async () => {
  rooms = await Promise.all(Array.from({ length: ROOMS }, () => openRoom()));
  const undisturbed = SCENARIOS.filter(({ preceded }) => preceded === undefined);
  const made = await inParallel(rooms, undisturbed, makeReference);
  for (const scenario of SCENARIOS) {
    const reference =
      made[undisturbed.findIndex((each) => each.changes === scenario.changes && each.prepare === scenario.prepare)];
    if (reference) references.set(scenario, reference);
  }
  crashes = [...references].flatMap(([scenario, reference]) => crashesOf(scenario, reference));
});

afterAll(async () => {
  await Promise.all(rooms.map((room) => room[Symbol.asyncDispose]()));
});

test('every point of both hops is come to', () => {
  const reached = new Set(crashes.map(({ visit }) => visit.point));
  expect(HOP_POINTS.filter((point) => !reached.has(point))).toEqual([]);
});

test.each(SCENARIOS)('killed anywhere, $title', { timeout: 3_600_000 }, async (scenario) => {
  const reference = references.get(scenario);
  if (!reference) throw new Error('There is no reference.');
  const tried = crashes.filter((each) => each.scenario === scenario && isTried(each));
  await inParallel(rooms, tried, async (room, each) => {
    const { point, table, nth } = each.visit;
    try {
      found.set(each, cellOf(each, await crash(room, scenario, each.visit, reference)));
    } catch (error) {
      throw new Error(`Killed at ${point} of ${table}, visit ${nth}.`, { cause: error });
    }
  });
  expect(tried.length).toBeGreaterThan(0);
});

test('docs/crash-matrix.md says what was found', () => {
  const known = existsSync(PAGE) ? readPage(readFileSync(PAGE, 'utf8')) : new Map();
  const page = renderPage(cellsOf(known));
  if (updates) writeFileSync(PAGE, page);
  expect(page).not.toContain('not tried');
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

function isTried(each: Crash): boolean {
  return extent === 'all' || (extent === 'page' ? each.isShown : isOrdinary(each, crashes));
}

/** What was found; a cell that was not tried is taken from the page, one that does not exist is not. */
function cellsOf(known: Cells): Cells {
  const cells = new Map<string, Map<string, string>>();
  for (const each of crashes.filter(({ isShown }) => isShown)) {
    const { point } = each.visit;
    const { title } = each.scenario;
    const row = cells.get(point) ?? new Map<string, string>();
    row.set(title, found.get(each) ?? known.get(point)?.get(title) ?? 'not tried');
    cells.set(point, row);
  }
  return cells;
}
