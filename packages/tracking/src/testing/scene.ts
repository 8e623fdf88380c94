import { TidemarkError } from '@tidemark/errors';
import type { TestDatabase } from '@tidemark/testkit';

import type { CopySession, CopyTracking, HopSuccess, LoadSession, LoadTracking, RunStart } from '../index.ts';

export type Session = CopySession | LoadSession;

/** A database with current tracking tables and a table `rows_of_test (id)` for the rows of a run. */
export interface Scene extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly tracking: CopyTracking | LoadTracking;
  /** A second opening of the same database, as another process would have it. */
  readonly other: CopyTracking | LoadTracking;
  /** Status and history table as SQL names them here, and the columns in which the status tables differ. */
  readonly statusTable: string;
  readonly historyTable: string;
  readonly lastColumn: string;
  /** Writes a row on the session's own connection. */
  insert(session: Session, id: number): Promise<void>;
  rows(): Promise<number[]>;
  /** Ends the session's connection from the server's side, as a killed process would. */
  kill(session: Session): Promise<void>;
}

export interface HopUnderTest {
  readonly hop: 'copy' | 'load';
  create(): Promise<Scene>;
}

export const TABLE = 'Patient';

let runs = 0;

export function runStart(table = TABLE): RunStart {
  runs += 1;
  return { runId: `0197f000-0000-7000-8000-${String(runs).padStart(12, '0')}`, table, plan: 'full', reason: 'a test' };
}

export function success(changed: Partial<HopSuccess> = {}): HopSuccess {
  return {
    rows: 3,
    watermarks: { DateTStamp: '2026-03-01 10:00:00.000001' },
    highestKey: '9223372036854775807',
    structure: 'abc',
    copySequence: '9007199254740993',
    sourceAsOf: '2026-03-01 10:00:01.123456',
    strategy: 'incremental',
    digestedAt: null,
    columnQuality: [{ column: 'DateTStamp', values: 6, nulls: 1, sentinels: 0, outOfRange: 0, future: 2 }],
    counts: { rowsRead: 6, rowsInserted: 3, rowsUpdated: 2, rowsDeleted: 0, rowsUnchanged: 1, bytes: 1234 },
    changes: { zeroDates: 2 },
    ...changed,
  };
}

export function failure(code: TidemarkError['code'] = 'STORAGE_FULL'): TidemarkError {
  return new TidemarkError(code, { message: 'the test says so', hint: 'none' });
}

/** One whole run: lock, history, a row, commit, unlock. */
export async function succeed(scene: Scene, id: number, changed: Partial<HopSuccess> = {}): Promise<string> {
  const start = runStart();
  await withSession(scene, async (session) => {
    await session.lock(TABLE);
    await session.recordStart(start);
    await session.commit(TABLE, start.runId, async () => {
      await scene.insert(session, id);
      return success(changed);
    });
    await session.unlock(TABLE);
  });
  return start.runId;
}

export async function withSession(scene: Scene, act: (session: Session) => Promise<void>): Promise<void> {
  const session = await scene.tracking.openSession();
  try {
    await act(session);
  } finally {
    await session.release();
  }
}

/** What a promise was rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<TidemarkError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TidemarkError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** A value as the server prints it. The driver gives a BIGINT as text and an INT as a number. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : null;
}

/** The whole status record of a table, every column as the server holds it. */
export async function record(scene: Scene, table = TABLE): Promise<Record<string, unknown> | undefined> {
  const rows = await scene.database.query(`SELECT * FROM ${scene.statusTable} WHERE table_name = '${table}'`);
  return rows[0];
}
