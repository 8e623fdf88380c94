import { POINTS } from '@tidemark/tracking';

import type { Found } from './crash-round.ts';
import type { Reference, Visit } from './reference.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { TABLES } from './tables.ts';

/** Points of the hops; those of `tidemark migrate`, of seeding and of pruning are crashed upon by tests of their own. */
export const HOP_POINTS = POINTS.filter((point) => /^(copy|load)[.]/.test(point));

/** A kill to be tried. */
export interface Crash {
  readonly scenario: Scenario;
  readonly visit: Visit;
  /** Whether the cell of the matrix shows this one; each cell shows one table, in turn. */
  readonly isShown: boolean;
}

/** Every kill that a scenario allows, in an order that does not depend on which table was faster. */
export function crashesOf(scenario: Scenario, reference: Reference): Crash[] {
  const visits = scenario.preceded ? visitsOf(scenario.preceded.points) : reference.visits;
  return HOP_POINTS.flatMap((point, row) => {
    const here = visits
      .filter((visit) => visit.point === point)
      .toSorted((left, right) => left.table.localeCompare(right.table) || left.nth - right.nth);
    const tables = [...new Set(here.map(({ table }) => table))];
    const turn = tables[(row + SCENARIOS.indexOf(scenario)) % tables.length];
    const ofTurn = here.filter(({ table }) => table === turn);
    const shown = ofTurn[Math.floor(ofTurn.length / 2)];
    return here.map((visit) => ({ scenario, visit, isShown: visit === shown }));
  });
}

function visitsOf(points: readonly string[]): Visit[] {
  return points.flatMap((point) => TABLES.map(({ name }) => ({ point, table: name, nth: 1 })));
}

/**
 * Whether the ordinary test run tries a kill: one table per cell, every cell of the two commonest scenarios and of the
 * points that few scenarios come to, and every third of the others.
 */
export function isOrdinary({ scenario, visit, isShown }: Crash, all: readonly Crash[]): boolean {
  if (!isShown) return false;
  const column = SCENARIOS.indexOf(scenario);
  const row = HOP_POINTS.findIndex((point) => point === visit.point);
  const scenarios = new Set(all.filter((crash) => crash.visit.point === visit.point).map((crash) => crash.scenario));
  return column < 2 || scenarios.size <= 2 || (row + column) % 3 === 0;
}

/** `claim: copied`: which table was killed at, and what was there when the process was gone. */
export function cellOf({ visit }: Crash, found: Found): string {
  return `${visit.table}: ${wordOf(found)}`;
}

function wordOf({ copy, load }: Found): string {
  if (load === 'done') return 'done';
  if (load === 'failed') return 'load failed';
  switch (copy) {
    case 'before':
      return 'undone';
    case 'done':
      return 'copied';
    case 'failed':
      return 'failed';
    case 'emptied':
      return 'emptied';
    default:
      return copy;
  }
}
