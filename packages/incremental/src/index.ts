export { auditSettings, type Advice, type AdviceCode } from './audit-settings.ts';
export { advanceHighestKey } from './advance-highest-key.ts';
export { advanceWatermarks, type AdvanceInput } from './advance-watermarks.ts';
export { compareCursorValues, type CursorValue, type OrderedKind } from './cursor-value.ts';
export { judgeColumn } from './judge-column.ts';
export { lookbackOf } from './lookback.ts';
export { marksToKeep, type Marks } from './marks-to-keep.ts';
export { observeColumn, type ColumnObserver } from './observe-column.ts';
export { parseCursorValue } from './parse-cursor-value.ts';
export { plan } from './plan.ts';
export {
  DEFAULT_FULL_TABLE_BELOW_ROWS,
  NO_EVIDENCE,
  proposeSettings,
  type ProposedSettings,
  type ProposeOptions,
  type TableEvidence,
  type UnusedColumns,
} from './propose-settings.ts';
export { quoteMysqlIdentifier } from './quote-mysql-identifier.ts';
export { rememberQuality } from './remember-quality.ts';
export type {
  ColumnObservation,
  ColumnQuality,
  ColumnQualityPolicy,
  ColumnVerdict,
  CursorKind,
  DigestPlan,
  FullPlan,
  IncrementalLogic,
  IncrementalPlan,
  Plan,
  PlanColumn,
  PlanInput,
  PlanSettings,
  PlanState,
  PlanTable,
  Predicate,
  PredicateBranch,
  Reason,
  ReasonCode,
  SkippedColumn,
  SnapshotTime,
  Strategy,
  Watermarks,
} from './types.ts';
