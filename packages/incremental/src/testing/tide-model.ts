import { advanceHighestKey } from '../advance-highest-key.ts';
import { advanceWatermarks } from '../advance-watermarks.ts';
import { observeColumn } from '../observe-column.ts';
import { plan } from '../plan.ts';
import type {
  ColumnObservation,
  Plan,
  PlanColumn,
  PlanInput,
  PlanSettings,
  PlanState,
  SnapshotTime,
} from '../types.ts';
import { timeText } from './arbitraries.ts';
import { selects, type Row } from './evaluate-predicate.ts';
import { column } from './fixtures.ts';

/** The stamps of the modelled table: kept by the server, by a workstation, and by the day. */
export const STAMPS = ['stamp', 'edited', 'day'] as const;
export type StampName = (typeof STAMPS)[number];

/** What a change leaves in a stamp that it does not move in earnest. */
export type Leftover = 'as_it_was' | 'null' | 'sentinel' | 'far';

/** The stretch of time that is modelled lies around this change of the wall clock. */
export interface Zone {
  /** Milliseconds after 1970. */
  readonly switchAt: number;
  readonly hoursBefore: number;
  readonly hoursAfter: number;
}

export interface Write {
  readonly type: 'write';
  /** Milliseconds since the action before. */
  readonly gap: number;
  /** Which row is updated, counted round; null inserts one. */
  readonly target: number | null;
  readonly moved: readonly StampName[];
  readonly leftover: Leftover;
  /** How far the writing clock is behind the server's; negative for ahead. */
  readonly behind: number;
  /** From the statement to its commit. */
  readonly commitDelay: number;
}

export interface Run {
  readonly type: 'run';
  readonly gap: number;
  /** From the snapshot to the read. */
  readonly readDelay: number;
  readonly force: boolean;
  readonly settings: PlanSettings;
}

export interface World {
  readonly zone: Zone;
  readonly start: number;
  readonly fractionDigits: number;
  readonly autoIncrement: boolean;
  /** Whether the run may ask for the age of the oldest open transaction. */
  readonly seesTransactions: boolean;
}

interface Change {
  readonly id: number;
  readonly values: Row;
  readonly version: number;
  readonly startedAt: number;
  readonly commitAt: number;
}

type StoredRow = Pick<Change, 'values' | 'version'>;

/** A source with clocks, transactions and bad stamps, and a replica that is kept by the package alone. */
export class TideModel {
  readonly world: World;
  now: number;
  readonly source = new Map<number, StoredRow>();
  readonly replica = new Map<number, StoredRow>();
  open: Change[] = [];
  nextId = 1;
  version = 0;
  state: PlanState | null = null;
  observations: readonly ColumnObservation[] = [];

  constructor(world: World) {
    this.world = world;
    this.now = world.start;
  }

  write(action: Write): void {
    this.#passTime(action.gap);
    const id = this.#idFor(action.target);
    if (this.open.some((change) => change.id === id)) {
      return; // The row is locked by another transaction.
    }
    const before = this.source.get(id)?.values ?? {};
    const values = STAMPS.map((name): [string, string | null] => [
      name,
      action.moved.includes(name) ? this.#stampText(name, action.behind) : leftoverText(name, action, before),
    ]);
    this.version += 1;
    const times = { startedAt: this.now, commitAt: this.now + action.commitDelay };
    this.open.push({
      id,
      version: this.version,
      values: Object.fromEntries([['id', String(id)], ...values]),
      ...times,
    });
    this.#passTime(0);
  }

  /** One run; returns what it planned. */
  run(action: Run): Plan {
    this.#passTime(action.gap);
    const { world, now } = this;
    const snapshot = { utc: timeText(now, 6), wall: timeText(now + wallOffset(world.zone, now), 6) };
    const oldest = Math.min(...this.open.map((change) => change.startedAt));
    const age = world.seesTransactions && this.open.length > 0 ? Math.ceil((now - oldest) / 1000) : null;
    this.#passTime(action.readDelay);
    const made = plan(this.#planInput(action));
    const rows = [...this.source].filter(([id, row]) => this.#reads(made, id, row));
    for (const [id, row] of rows) {
      this.replica.set(id, row);
    }
    this.#recordSuccess({ made, snapshot, age, rows: rows.map(([, row]) => row.values) });
    return made;
  }

  /** Rows that the replica lacks or holds in an older version. */
  missed(): readonly number[] {
    return [...this.source].flatMap(([id, row]) => (this.replica.get(id)?.version === row.version ? [] : [id]));
  }

  #reads(made: Plan, id: number, row: StoredRow): boolean {
    if (made.kind === 'incremental') {
      return selects(made.predicate, row.values);
    }
    return made.kind === 'full' || this.replica.get(id)?.version !== row.version;
  }

  #recordSuccess(run: { made: Plan; snapshot: SnapshotTime; age: number | null; rows: readonly Row[] }): void {
    const { made, snapshot, age, rows } = run;
    const observed = (one: PlanColumn): ColumnObservation => {
      const observer = observeColumn(one, snapshot);
      rows.forEach((row) => observer.observe(row[one.name] ?? null));
      return observer.result();
    };
    this.observations = made.observe.map(observed);
    this.state = {
      watermarks: advanceWatermarks({
        previous: this.state?.watermarks ?? {},
        observations: this.observations,
        columns: made.observe,
        snapshot,
        openTransactionAgeSeconds: age,
      }),
      highestKey: advanceHighestKey({
        previous: this.state?.highestKey ?? null,
        highest: observed(column('id', 'integer')).highest,
      }),
      structure: 's',
    };
  }

  #planInput({ force, settings }: Run): PlanInput {
    return {
      table: {
        name: 'modelled',
        columns: [
          column('id', 'integer'),
          column('stamp', 'timestamp', { serverMaintained: true }),
          column('edited', 'datetime'),
          column('day', 'date'),
        ],
        key: ['id'],
        keyIsAutoIncrement: this.world.autoIncrement,
        estimatedRows: 10_000,
      },
      settings,
      state: this.state,
      structure: 's',
      replicaIsNew: false,
      force,
      observations: this.observations,
    };
  }

  #idFor(target: number | null): number {
    const ids = [...this.source.keys()];
    const existing = target === null || ids.length === 0 ? undefined : ids[target % ids.length];
    if (existing !== undefined) {
      return existing;
    }
    this.nextId += 1;
    return this.nextId - 1;
  }

  #stampText(name: StampName, behind: number): string {
    const { zone, fractionDigits } = this.world;
    if (name === 'stamp') {
      // The server's own clock is neither behind nor ahead.
      return timeText(this.now, fractionDigits);
    }
    const wall = this.now - behind + wallOffset(zone, this.now - behind);
    return name === 'day' ? timeText(wall, 0).slice(0, 10) : timeText(wall, fractionDigits);
  }

  #passTime(milliseconds: number): void {
    this.now += milliseconds;
    for (const { id, values, version } of this.open.filter((change) => change.commitAt <= this.now)) {
      this.source.set(id, { values, version });
    }
    this.open = this.open.filter((change) => change.commitAt > this.now);
  }
}

function wallOffset(zone: Zone, at: number): number {
  return (at < zone.switchAt ? zone.hoursBefore : zone.hoursAfter) * 3_600_000;
}

function leftoverText(name: StampName, action: Write, before: Row): string | null {
  const time = name === 'day' ? '' : ' 00:00:00';
  if (action.leftover === 'as_it_was') {
    return before[name] ?? null;
  }
  return { null: null, sentinel: `0001-01-01${time}`, far: `9999-12-31${time}` }[action.leftover];
}
