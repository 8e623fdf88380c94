import { readConnections, tableSettings } from '@tidemark/config';
import { countRepeatedKeys, type RepeatedKeys } from '@tidemark/loader';
import { describeTables, openMysqlSession } from '@tidemark/mysql';
import type { LoadTracking } from '@tidemark/tracking';

import type { Setup, Terms } from '@tidemark/command-line';
import { openBothTrackings } from '@tidemark/command-line/run';
import { chooseTracked } from '../status/choose-tracked.ts';
import { chooseMeasured } from './choose-measured.ts';
import { countCoverage } from './count-coverage.ts';
import { countMissed } from './count-missed.ts';
import { MEANING, type CheckReport, type MetricsReport } from './metrics-report.ts';
import { duplicateKeyRuns, sumOverhead } from './sum-overhead.ts';

export interface MetricsInput {
  readonly terms: Terms;
  /** How far back the history is read. */
  readonly days: number;
  readonly check: CheckReport | null;
}

const DAY_MS = 86_400_000;

/** Measures the four numbers. Reads replica and warehouse; the source is not asked. */
export async function measureMetrics(setup: Setup, { terms, days, check }: MetricsInput): Promise<MetricsReport> {
  const { environment, file } = setup;
  await using tracking = await openBothTrackings({ environment });
  const { copy, load } = tracking;
  await Promise.all([copy.requireCurrent(), load.requireCurrent()]);
  const now = Date.now();
  const since = new Date(now - days * DAY_MS).toISOString();
  const [copied, loaded, transformed] = await Promise.all([copy.states(), load.states(), load.transformStates()]);
  const tracked = chooseTracked({ file, copied, loaded, terms });
  const { measured: tables, leftOut } = chooseMeasured({ file, tables: tracked, copied });
  const chosen = new Set(tables);
  const [copySums, loadSums] = (await Promise.all([copy.sumHistory(since), load.sumHistory(since)])).map((sums) =>
    sums.filter(({ table }) => chosen.has(table)),
  );
  return {
    measuredAt: new Date(now).toISOString(),
    since,
    check,
    leftOut,
    coverage: countCoverage({ tables, file, copied, loaded, transformed }),
    accuracy: countMissed(tables, (await load.comparisons()) ?? [], since),
    duplicateKeys: {
      runs: [...duplicateKeyRuns('copy', copySums ?? []), ...duplicateKeyRuns('load', loadSums ?? [])],
      present: await findRepeatedKeys(setup, load, tables),
    },
    overhead: { copy: sumOverhead(copySums ?? []), load: sumOverhead(loadSums ?? []) },
    meaning: MEANING,
  };
}

async function findRepeatedKeys(
  { environment, file }: Setup,
  load: LoadTracking,
  tables: readonly string[],
): Promise<RepeatedKeys[]> {
  const { replica } = readConnections(environment, ['replica']);
  await using opened = new AsyncDisposableStack();
  const described = opened.adopt(await openMysqlSession(replica, { where: 'replica' }), (session) => session.close());
  const keyOf = new Map((await describeTables(described)).map(({ name, key }) => [name, key]));
  const session = opened.adopt(await load.openSession(), (each) => each.release());
  const found: RepeatedKeys[] = [];
  for (const table of tables) {
    const key = tableSettings(file, table).primaryKey ?? keyOf.get(table) ?? [];
    found.push(
      key.length > 0
        ? await countRepeatedKeys(session.client, load.schema, { table, key })
        : { table, by: 'unknown', why: 'the replica has no such table, or it has no key' },
    );
  }
  return found;
}
