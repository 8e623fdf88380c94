import { classifyDriverError } from '@tidemark/errors';
import {
  adoptConnection,
  endConnection,
  openMysqlSession,
  prepareSession,
  STOP_READING_MS,
  stopDeadline,
  type MysqlSession,
  type StopDeadline,
} from '@tidemark/mysql';
import type { CopySession, LoadSession } from '@tidemark/tracking';

import { compareSides, type Compared } from './compare-sides.ts';
import { describeSides } from './describe-sides.ts';
import { openLongRead, type LongReads } from './scan-load.ts';
import type { Scope, Verified, VerifyDeps, VerifyInput } from './types.ts';
import { stopIfAsked, stopped, type VerifyContext } from './verify-context.ts';

/**
 * Compares one table in all three databases: lock, describe, scan, look, look again. Writes nothing.
 *
 * Both hops' locks are held while it goes on, so that nothing moves in replica and raw but by other hands; the source
 * may be written all the time.
 *
 * @throws TidemarkError when it could not be compared; TABLE_LOCKED when a run holds the table
 */
export async function verifyTable(deps: VerifyDeps, input: VerifyInput): Promise<Verified> {
  using deadline = stopDeadline(deps.signal);
  try {
    return await withLock(await deps.copyTracking.openSession(), input, async (copy) =>
      withLock(await deps.loadTracking.openSession(), input, (load) =>
        verifyLocked(deps, input, { copy, load, deadline }),
      ),
    );
  } catch (error) {
    throw deadline.hasPassed ? stopped(input.table) : classifyDriverError(error, 'verify', input.table);
  }
}

/** What both hops' sessions have. */
type Locking = Pick<CopySession & LoadSession, 'lock' | 'unlock' | 'release'>;

async function withLock<Session extends Locking, Result>(
  session: Session,
  { table }: VerifyInput,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  try {
    await session.lock(table);
    const result = await work(session);
    await session.unlock(table);
    return result;
  } finally {
    await session.release();
  }
}

interface Held {
  readonly copy: CopySession;
  readonly load: LoadSession;
  readonly deadline: StopDeadline;
}

/** As for the copy hop (P9): what takes so much longer than the half second of a digest is ended by the source. */
const STATEMENT_TIMEOUT_SECONDS = 600;

async function verifyLocked(deps: VerifyDeps, input: VerifyInput, held: Held): Promise<Verified> {
  const { copy, load, deadline } = held;
  const { stallTimeoutMs, statementTimeoutSeconds = STATEMENT_TIMEOUT_SECONDS } = deps;
  const source = await openMysqlSession(deps.source, { where: 'source', statementTimeoutSeconds, stallTimeoutMs });
  using _source = deadline.after(STOP_READING_MS, () => endConnection(deps.source, 'source', source.connection));
  try {
    await prepareSession(copy.connection);
    const replica = await adoptConnection(copy.connection, 'replica', deps.replica.database);
    using _replica = deadline.after(STOP_READING_MS, () => endConnection(deps.replica, 'replica', replica.connection));
    await load.client.query(PRINT_EXACTLY);
    const described = await describeSides(deps, input, { source, replica, copy, load });
    if ('skip' in described) return skipped(input.table, described.skip);
    const { context, schema } = described;
    stopIfAsked(context);
    const compared = await compareWithReads(context, deadline);
    const nothing = schema.length === 0 ? whyNoRow(input.scope, compared) : null;
    return nothing === null ? finished(context, schema, compared) : skipped(input.table, nothing);
  } finally {
    await source.close();
  }
}

/** What PostgreSQL does unless a role or a database is set otherwise: values are printed whole. */
const PRINT_EXACTLY = `SET extra_float_digits = 1; SET bytea_output = 'hex'`;

async function compareWithReads(context: VerifyContext, deadline: StopDeadline): Promise<Compared> {
  await using stack = new AsyncDisposableStack();
  const { deps } = context;
  const openReads = async (): Promise<LongReads> => {
    const replica: MysqlSession = await openLongRead(context);
    stack.defer(() => replica.close());
    stack.use(deadline.after(STOP_READING_MS, () => endConnection(deps.replica, 'replica', replica.connection)));
    const session = await deps.loadTracking.openSession();
    let isDone = false;
    stack.defer(async () => {
      // A COPY that was left early can only be ended with its connection.
      if (!isDone) await session.abandon();
      await session.release();
    });
    stack.use(deadline.after(STOP_READING_MS, () => session.abandon()));
    await session.client.query(PRINT_EXACTLY);
    return { replica, warehouse: session.client, done: () => (isDone = true) };
  };
  // Awaited here: the connections of the stack serve it until it is done.
  return await compareSides(context, openReads);
}

const NOTHING_FOUND = {
  missing: 0,
  extra: 0,
  different: 0,
  pending: 0,
  inMotion: 0,
  kept: 0,
  causes: {},
  columns: {},
} as const;

/** A part in which there was no row is not equal: nothing was compared. */
function whyNoRow({ kind }: Scope, { counts }: Compared): string | null {
  const { sourceRows, replicaRows, warehouseRows } = counts;
  if ((sourceRows ?? 0) + (replicaRows ?? 0) + (warehouseRows ?? 0) > 0) return null;
  if (kind === 'sample') return 'the sample drew no row';
  return kind === 'since' ? 'no row is stamped at that time or later' : null;
}

function skipped(table: string, reason: string): Verified {
  const rows = { sourceRows: null, replicaRows: null, warehouseRows: null };
  const verification = { table, verdict: 'skipped', reason, ...rows, ...NOTHING_FOUND } as const;
  return { verification: { ...verification, schema: [], sourceAsOf: null }, rows: [] };
}

function finished({ input, loadState }: VerifyContext, schema: readonly string[], compared: Compared): Verified {
  const { counts, rows } = compared;
  const isEqual = counts.missing + counts.extra + counts.different + schema.length === 0;
  const verdict = isEqual ? 'match' : 'differs';
  const { sourceAsOf } = loadState;
  return { verification: { table: input.table, verdict, reason: null, ...counts, schema, sourceAsOf }, rows };
}
