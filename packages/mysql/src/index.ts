export { createChunkPace, type ChunkPace } from './chunk-pace.ts';
export { columnForm, toPlanTable, type ColumnForm } from './column-form.ts';
export {
  compareTables,
  ROWS_OF_A_LEAF,
  type ComparedRange,
  type NamedRows,
  type TableComparison,
} from './compare-tables.ts';
export { describeColumns, describeTables } from './describe-tables.ts';
export { digestRange, type DigestInput, type RangeDigest } from './digest-range.ts';
export { digestRows } from './digest-rows.ts';
export { endConnection } from './end-connection.ts';
export { forceKeyIndex } from './force-key-index.ts';
export { keyListCondition } from './key-list.ts';
export { isPassingTable } from './ignored-tables.ts';
export { keyColumns, keyOrder, rangeCondition, WHOLE_TABLE, type KeyRange, type KeyValue } from './key-columns.ts';
export {
  adoptConnection,
  openMysqlSession,
  prepareSession,
  type MysqlParameter,
  type MysqlRow,
  type MysqlSession,
  type SessionOptions,
} from './open-session.ts';
export { inZone } from './in-zone.ts';
export { ordersAlike, type TableSide } from './orders-alike.ts';
export { readClock, readOldestTransactionAge } from './read-clock.ts';
export { readExpression, storedColumns, type ReadPurpose } from './read-expression.ts';
export { requireReadable } from './require-readable.ts';
export { SEQUENCE_COLUMN } from './sequence-column.ts';
export { repeatedKeys } from './repeated-keys.ts';
export { RowEncoder, type EncoderOptions, type EncodingTarget } from './row-encoder.ts';
export { followClock } from './follow-clock.ts';
export {
  createSourceThrottle,
  UNTHROTTLED,
  type SourceThrottle,
  type ThrottleLimits,
  type ThrottleWatch,
} from './source-throttle.ts';
export { STOP_READING_MS, STOP_WRITING_MS, stopDeadline, type StopDeadline } from './stop-deadline.ts';
export { streamEncodedRows, type EncodedRows } from './stream-encoded-rows.ts';
export { comparableType, fingerprintOf, structureFingerprint } from './structure-fingerprint.ts';
export { textColumn } from './text-column.ts';
export type {
  ColumnDescription,
  IndexDescription,
  MysqlEndpoint,
  MysqlFlavor,
  ServerFacts,
  TableDescription,
  ValueChanges,
} from './types.ts';
export { walkKeyRanges, type WalkOptions } from './walk-key-ranges.ts';
