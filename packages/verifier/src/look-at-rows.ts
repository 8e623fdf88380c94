import { createHash } from 'node:crypto';

import { SEQUENCE_COLUMN, toPlanTable, type KeyValue } from '@tidemark/mysql';
import { TRACKING_TABLES } from '@tidemark/tracking';

import { awaitTurn, tookRows } from './await-turn.ts';
import { judgeRow, type RowEvidence, type RowVerdict } from './judge-row.ts';
import { judgeStamp } from './judge-stamp.ts';
import { looksAltered } from './looks-altered.ts';
import { readRawRows, type RawRow } from './read-raw-rows.ts';
import { readRows, type RowsByKey } from './read-rows.ts';
import { sameValue, valueKind, type Value } from './same-value.ts';
import { columnsInRaw, type SharedColumn, type VerifyContext } from './verify-context.ts';

/** One look at a row in all three databases. */
export interface LookedAt {
  readonly key: KeyValue;
  readonly inSource: boolean;
  readonly inReplica: boolean;
  readonly inRaw: boolean;
  /** Marked as deleted in raw. */
  readonly isMarked: boolean;
  /** Whether source and replica are not the same. */
  readonly differsInCopy: boolean;
  readonly verdict: RowVerdict;
  /** Fingerprint of the source's row: another one at the next look means that it is in motion. */
  readonly sourcePrint: string;
}

/** Rows of one look: one statement a side, short on the source (P9). */
export const ROWS_OF_A_LOOK = 500;

/** Looks at rows in all three databases and says what is wrong with each. At most `ROWS_OF_A_LOOK` keys. */
export async function lookAtRows(context: VerifyContext, keys: readonly KeyValue[]): Promise<LookedAt[]> {
  const { columns, key, sourceTable, replicaTable, hasSequence } = context;
  const inRaw = columnsInRaw(context);
  const sequence = replicaTable.columns.filter(({ name }) => hasSequence && name === SEQUENCE_COLUMN);
  const ofSource = { table: sourceTable, key, keys };
  const ofReplica = { table: replicaTable, key, keys };
  await awaitTurn(context);
  tookRows(context, 2 * keys.length);
  const readSource = async (): Promise<[RowsByKey, RowsByKey]> => [
    await readRows(context.source, { ...ofSource, columns: columns.map(({ source }) => source), purpose: 'replica' }),
    await readRows(context.source, { ...ofSource, columns: inRaw.map(({ source }) => source), purpose: 'warehouse' }),
  ];
  const readReplica = async (): Promise<[RowsByKey, RowsByKey, ReadonlySet<string>]> => [
    await readRows(context.replica, {
      ...ofReplica,
      columns: [...columns.map(({ replica }) => replica), ...sequence],
      purpose: 'replica',
    }),
    await readRows(context.replica, {
      ...ofReplica,
      columns: inRaw.map(({ replica }) => replica),
      purpose: 'warehouse',
    }),
    await buriedSince(context, keys),
  ];
  const [[source, sourceAsRaw], [replica, replicaAsRaw, buried], raw] = await Promise.all([
    readSource(),
    readReplica(),
    readRawRows(context, keys),
  ]);
  return keys.map((one) => {
    const name = JSON.stringify(one);
    const row: ThreeRows = {
      source: source.get(name) ?? null,
      sourceAsRaw: sourceAsRaw.get(name) ?? null,
      replica: replica.get(name) ?? null,
      replicaAsRaw: replicaAsRaw.get(name) ?? null,
      raw: raw.get(name) ?? null,
      isBuried: buried.has(name),
    };
    const evidence = evidenceOf(context, inRaw, row);
    return {
      key: one,
      inSource: evidence.inSource,
      inReplica: evidence.inReplica,
      inRaw: evidence.inRaw,
      isMarked: evidence.isMarked,
      differsInCopy: evidence.inSource !== evidence.inReplica || evidence.sourceReplica.length > 0,
      verdict: judgeRow(evidence, context.input.settings.deletes),
      sourcePrint: printOf(row.source),
    };
  });
}

interface ThreeRows {
  readonly source: readonly Value[] | null;
  readonly sourceAsRaw: readonly Value[] | null;
  /** The copy sequence behind the columns, where the replica has it. */
  readonly replica: readonly Value[] | null;
  readonly replicaAsRaw: readonly Value[] | null;
  readonly raw: RawRow | null;
  /** A tombstone that the load has not read. */
  readonly isBuried: boolean;
}

function evidenceOf(context: VerifyContext, inRaw: readonly SharedColumn[], row: ThreeRows): RowEvidence {
  const { columns, raw, copyState, loadState, hasSequence } = context;
  const kinds = inRaw.map(({ replica }) => valueKind(replica, raw.columns.get(replica.name)?.type ?? ''));
  const differing = (wanted: readonly Value[] | null, found: readonly Value[] | null): SharedColumn[] =>
    wanted === null || found === null
      ? []
      : inRaw.filter((_, at) => !sameValue(kinds[at] ?? 'bytes', wanted[at] ?? null, found[at] ?? null));
  const sourceReplica = differInBytes(columns, row.source, row.replica);
  const replicaRaw = differing(row.replicaAsRaw, row.raw?.values ?? null);
  const sequence = row.replica?.[columns.length]?.toString('latin1');
  const loaded = BigInt(loadState.copySequence ?? '0');
  return {
    inSource: row.source !== null,
    inReplica: row.replica !== null,
    inRaw: row.raw !== null,
    isMarked: row.raw?.isMarked === true,
    sourceReplica,
    replicaRaw: replicaRaw.map(({ source }) => source.name),
    sourceRaw: differing(row.sourceAsRaw, row.raw?.values ?? null).map(({ source }) => source.name),
    looksAltered: replicaRaw.every((column) => {
      const at = inRaw.indexOf(column);
      return looksAltered(kinds[at] ?? 'bytes', row.replicaAsRaw?.[at] ?? null, row.raw?.values[at] ?? null);
    }),
    stamp: stampOf(context, row.source),
    stampMoved: context.plan.observe.some(({ name }) => sourceReplica.includes(name)),
    awaitsLoad: row.isBuried || (hasSequence && sequence !== undefined && BigInt(sequence) > loaded),
    copyFailed: copyState.status === 'failed',
    loadFailed: loadState.status === 'failed',
  };
}

/** Source and replica hold the same values in the same form: bytes tell. */
function differInBytes(
  columns: readonly SharedColumn[],
  left: readonly Value[] | null,
  right: readonly Value[] | null,
): string[] {
  if (left === null || right === null) return [];
  return columns
    .filter((_, at) => !sameValue('bytes', left[at] ?? null, right[at] ?? null))
    .map(({ source }) => source.name);
}

function stampOf(context: VerifyContext, row: readonly Value[] | null): RowEvidence['stamp'] {
  const { plan, sourceTable, key, copyState, columns, input } = context;
  if (row === null) return 'none';
  const { watermarks, highestKey } = copyState;
  const logic = input.settings.plan.incrementalLogic;
  const table = toPlanTable(sourceTable, key);
  return judgeStamp({ columns: plan.observe, table, watermarks, highestKey, logic }, (name) => {
    const at = columns.findIndex(({ source }) => source.name === name);
    return row[at]?.toString('latin1') ?? null;
  });
}

function printOf(row: readonly Value[] | null): string {
  if (row === null) return '';
  const hash = createHash('sha256');
  for (const value of row) hash.update(value === null ? 'N' : `${value.length}:`).update(value ?? '');
  return hash.digest('base64');
}

/** Keys, as JSON text, with a tombstone that is younger than what was loaded. */
async function buriedSince(context: VerifyContext, keys: readonly KeyValue[]): Promise<ReadonlySet<string>> {
  const { replica, input, copyState, loadState, hasSequence } = context;
  if (!hasSequence || keys.length === 0 || copyState.copySequence === loadState.copySequence) return new Set();
  // Written by the server: it puts blanks between the parts.
  const one = `CAST(JSON_ARRAY(${(keys[0] ?? []).map(() => '?').join(', ')}) AS CHAR)`;
  const rows = await replica.query(
    `SELECT row_key AS buried FROM ${TRACKING_TABLES.tombstone}
      WHERE table_name = ? AND copy_sequence > ? AND row_key IN (${keys.map(() => one).join(', ')})`,
    [input.table, BigInt(loadState.copySequence ?? '0'), ...keys.flat()],
  );
  return new Set(rows.map((row) => JSON.stringify(JSON.parse(row['buried'] ?? '[]'))));
}
