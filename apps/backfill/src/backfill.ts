import type { Setup } from '@tidemark/command-line';
import { openBothTrackings, type BothTrackings } from '@tidemark/command-line/run';
import type { RecordedState, SeedReport, TrackingRecord } from '@tidemark/tracking';

import { adoptTables, type AdoptInput, type Adoption, type AdoptionReport } from './adopt/adopt-tables.ts';
import { findTables, type FoundTables } from './records/find-tables.ts';
import { completed, judgeTier, type Coverage, type TierName } from './records/judge-tier.ts';

export interface BackfillInput extends AdoptInput {
  /** Also take over what another program copied. */
  readonly adopt: boolean;
}

/** What is printed with `--json`. */
export interface BackfillReport {
  readonly dryRun: boolean;
  readonly tables: { readonly synced: number; readonly withIncrementalColumns: number };
  /** Named in tables.yml and left out. */
  readonly skipped: FoundTables['skipped'];
  readonly tiers: readonly TierReport[];
  /** Null where it was not asked for. */
  readonly adoption: AdoptionReport | null;
}

export interface FinishedBackfill {
  readonly report: BackfillReport;
  readonly adoption: Adoption | null;
  readonly exitCode: number;
}

export interface TierReport {
  readonly tier: TierName;
  readonly statusTable: string;
  /** Tables that got a record, or with `dryRun` would get one. */
  readonly created: readonly string[];
  readonly before: Coverage;
  /** With `dryRun`, as it would be. */
  readonly after: Coverage;
  /** What another pipeline wrote; kept as it is. */
  readonly older: readonly OlderRecord[];
  /** Records of tables that are not synced; kept as they are. */
  readonly strangers: readonly string[];
}

export interface OlderRecord {
  readonly table: string;
  readonly state: RecordedState;
  readonly lastSucceededAt: string | null;
  readonly rows: number;
}

/**
 * Gives every synced table a pending record in each tier that has none of it.
 *
 * @throws TidemarkError TRACKING_NOT_MIGRATED before anything is written, when a tracking table is not current
 */
export async function backfill(setup: Setup, input: BackfillInput): Promise<FinishedBackfill> {
  const { dryRun } = input;
  const found = await findTables(setup);
  await using trackings = await openBothTrackings(setup);
  await Promise.all([trackings.copy.requireCurrent(), trackings.load.requireCurrent()]);
  const tiers: TierReport[] = [];
  // One after the other: a failure leaves the later tiers as they were, and the next run completes them.
  for (const tier of tiersOf(trackings)) {
    const report = await backfillTier(tier, found, dryRun);
    tiers.push(report);
    const { created } = report;
    setup.log.debug({ tier: tier.name, created: created.length, dryRun }, `${tier.name}: records looked at`);
  }
  const { synced, incremental, skipped } = found;
  const adoption = input.adopt ? await adoptTables(setup, trackings, { ...input, tables: synced }) : null;
  return {
    report: {
      dryRun,
      tables: { synced: synced.length, withIncrementalColumns: incremental.length },
      skipped,
      tiers,
      adoption: adoption?.report ?? null,
    },
    adoption,
    exitCode: adoption?.exitCode ?? 0,
  };
}

interface TierAccess {
  readonly name: TierName;
  readonly statusTable: string;
  records(): Promise<readonly TrackingRecord[]>;
  seed(tables: readonly string[]): Promise<SeedReport>;
}

function tiersOf({ copy, load }: BothTrackings): TierAccess[] {
  const { schema } = load;
  return [
    {
      name: 'copy',
      statusTable: 'etl_copy_status',
      records: () => copy.records(),
      seed: (names) => copy.seedPending(names),
    },
    {
      name: 'load',
      statusTable: `${schema}.etl_load_status`,
      records: () => load.records(),
      seed: (names) => load.seedPending(names),
    },
    {
      name: 'transform',
      statusTable: `${schema}.etl_transform_status`,
      records: () => load.transformRecords(),
      seed: (names) => load.seedTransforms(names),
    },
  ];
}

async function backfillTier(tier: TierAccess, found: FoundTables, dryRun: boolean): Promise<TierReport> {
  const { name, statusTable } = tier;
  const { missing, coverage, older, strangers } = judgeTier(name, found, await tier.records());
  const created = dryRun || missing.length === 0 ? missing : (await tier.seed(missing)).created;
  const after = dryRun ? completed(found) : judgeTier(name, found, await tier.records()).coverage;
  return { tier: name, statusTable, created, before: coverage, after, older: older.map(toOlder), strangers };
}

function toOlder({ table, state, lastSucceededAt, rows }: TrackingRecord): OlderRecord {
  return { table, state, lastSucceededAt, rows };
}
