import type { Setup } from '@tidemark/command-line';
import { chooseTables, type ChosenTables, listTables } from '@tidemark/command-line/run';
import { readConnections, tableSettings } from '@tidemark/config';
import { classifyDriverError } from '@tidemark/errors';
import {
  openMysqlSession,
  readClock,
  type MysqlSession,
  type ServerFacts,
  type TableDescription,
} from '@tidemark/mysql';
import { listRaw } from '@tidemark/loader';
import { openCopyTracking, openLoadTracking, type Comparison, type HopState } from '@tidemark/tracking';

import { checkClocks, readAhead, type ClockReading } from './check-clocks.ts';
import { describeSource } from '../init/describe-source.ts';
import { findPartlyReadable } from '../init/find-partly-readable.ts';
import { adviceOf } from '../init/propose-tables.ts';
import { evidenceOf } from '../init/read-evidence.ts';
import { checkColumns } from './check-columns.ts';
import { checkCoverage } from './check-coverage.ts';
import { checkKeys, type KeyedTable } from './check-keys.ts';
import { checkLeftovers, vanishedTables } from './check-leftovers.ts';
import { checkReplica } from './check-replica.ts';
import { checkSource } from './check-source.ts';
import { checkWarehouse } from './check-warehouse.ts';
import { findingsOf, type DoctorReport, type Finding, type FindingArea } from './finding.ts';

/** What is gathered on the way through the three databases. */
interface Examination {
  readonly setup: Setup;
  readonly opened: AsyncDisposableStack;
  readonly findings: Finding[];
  readonly clocks: ClockReading[];
}

/**
 * Looks at everything that a run depends on, and goes on after what it cannot reach. Changes nothing but for one empty
 * table in the replica, made and dropped again to try the rights.
 */
export async function examine(setup: Setup): Promise<DoctorReport> {
  await using opened = new AsyncDisposableStack();
  const examination: Examination = { setup, opened, findings: [], clocks: [] };
  const source = await examineSource(examination);
  const copied = await examineReplica(examination, source?.facts ?? null);
  const loaded = await examineWarehouse(examination);
  const findings = [...examination.findings, ...checkClocks(examination.clocks)];
  if (source && copied && loaded) {
    const tables = source.chosen.tables.map(({ name }) => name);
    await tryTo({ ...examination, findings }, ['columns', 'examination'], async () => {
      // The finding of the rights says what is wrong with these; their description lacks columns.
      const partly = await findPartlyReadable(source.session, tables);
      const whole = tables.filter((table) => !partly.has(table));
      const described = await describeSource(source.session, whole);
      const evidence = evidenceOf(copied, loaded.comparisons);
      const advice = described.flatMap((table) => adviceOf({ file: setup.file, evidence }, table));
      findings.push(
        ...checkColumns(advice, evidence.text),
        ...checkKeys(described.map((table) => keyed(setup, table))),
      );
    });
    const { all, chosen } = source;
    const vanished = new Set(vanishedTables({ all, copied }).map((table) => table.toLowerCase()));
    const skipped = chosen.skipped.filter(({ table }) => !vanished.has(table.toLowerCase()));
    findings.push(
      ...checkCoverage({ tables, skipped, refused: chosen.refused, all, copied, loaded: loaded.states }),
      ...checkLeftovers({ ...loaded, file: setup.file, tables, all, copied }),
    );
  }
  return { ok: !findings.some(({ level }) => level === 'error'), findings };
}

function keyed({ file }: Setup, description: TableDescription): KeyedTable {
  return { description, configured: tableSettings(file, description.name).primaryKey };
}

/** The result, or null after a finding that says why there is none. */
async function tryTo<T>(
  { findings }: Examination,
  [area, check]: readonly [FindingArea, string],
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    findings.push(findingsOf(area).thrown(check, error));
    return null;
  }
}

interface ExaminedSource {
  readonly session: MysqlSession;
  readonly facts: ServerFacts;
  readonly all: readonly string[];
  readonly chosen: ChosenTables;
}

async function examineSource(examination: Examination): Promise<ExaminedSource | null> {
  const { setup, opened, findings, clocks } = examination;
  const session = await tryTo(examination, ['source', 'connection'], async () => {
    const { source } = readConnections(setup.environment, ['source']);
    return openMysqlSession(source, { where: 'source', statementTimeoutSeconds: 30 });
  });
  if (!session) return null;
  opened.defer(() => session.close());
  const listed = await listTables(session);
  const all = listed.map(({ name }) => name);
  const chosen = chooseTables({ ...setup, listed, where: 'source', terms: NO_TERMS, lastStatus: () => null });
  const tables = chosen.tables.map(({ name }) => name);
  await tryTo(examination, ['source', 'examination'], async () => {
    findings.push(...(await checkSource(session, tables, all)));
    clocks.push(await readAhead('source', async () => (await readClock(session)).utc));
  });
  return { session, facts: session.facts, all, chosen };
}

const NO_TERMS = { select: [], exclude: [] } as const;

async function examineReplica(
  examination: Examination,
  source: ServerFacts | null,
): Promise<readonly HopState[] | null> {
  const { setup, opened, findings, clocks } = examination;
  const endpoint = await tryTo(examination, ['replica', 'connection'], async () => {
    return readConnections(setup.environment, ['replica']).replica;
  });
  if (!endpoint) return null;
  const session = await tryTo(examination, ['replica', 'connection'], () =>
    openMysqlSession(endpoint, { where: 'replica' }),
  );
  if (!session) return null;
  opened.defer(() => session.close());
  await tryTo(examination, ['replica', 'examination'], async () => {
    findings.push(...(await checkReplica(session, source)));
    clocks.push(await readAhead('replica', async () => (await readClock(session)).utc));
  });
  return tryTo(examination, ['replica', 'tracking'], async () => {
    const tracking = await openCopyTracking(endpoint, { poolSize: 2 });
    opened.defer(() => tracking.close());
    await tracking.requireCurrent();
    findings.push(findingsOf('replica').ok('tracking', 'its tracking tables are current'));
    return tracking.states();
  });
}

interface ExaminedWarehouse {
  readonly states: readonly HopState[];
  readonly comparisons: readonly Comparison[];
  /** Names of the tables in raw. */
  readonly raw: ReadonlySet<string>;
  readonly schema: string;
}

async function examineWarehouse(examination: Examination): Promise<ExaminedWarehouse | null> {
  const { setup, opened, findings, clocks } = examination;
  const tracking = await tryTo(examination, ['warehouse', 'connection'], async () => {
    const { warehouse } = readConnections(setup.environment, ['warehouse']);
    return openLoadTracking(warehouse, { schema: warehouse.schema, poolSize: 2 });
  });
  if (!tracking) return null;
  opened.defer(() => tracking.close());
  await tryTo(examination, ['warehouse', 'examination'], async () => {
    const session = await tracking.openSession();
    try {
      findings.push(...(await checkWarehouse(session, tracking.schema)));
      clocks.push(await readAhead('warehouse', () => readWarehouseClock(session.client)));
    } finally {
      await session.release();
    }
  });
  return tryTo(examination, ['warehouse', 'tracking'], async () => {
    await tracking.requireCurrent();
    findings.push(findingsOf('warehouse').ok('tracking', 'its tracking tables are current'));
    const [states, comparisons] = [await tracking.states(), (await tracking.comparisons()) ?? []];
    const session = await tracking.openSession();
    try {
      return { states, comparisons, raw: await listRaw(session.client, tracking.schema), schema: tracking.schema };
    } finally {
      await session.release();
    }
  });
}

async function readWarehouseClock(client: {
  query(sql: string): Promise<{ rows: readonly { readonly utc: string }[] }>;
}): Promise<string> {
  try {
    const { rows } = await client.query(`SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text AS utc`);
    return rows[0]?.utc ?? '';
  } catch (error) {
    throw classifyDriverError(error, 'warehouse');
  }
}
