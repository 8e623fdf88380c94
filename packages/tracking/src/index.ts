export { POINT_CHANNEL, POINTS, reachPoint, type Point, type PointVisit } from './reach-point.ts';
export { hiddenRows, refuseHiddenRows, securedTables, type SecuredTable } from './row-security.ts';
export { TRACKING_TABLES } from './table-names.ts';
export { openCopyTracking, type CopySession, type CopyTracking } from './copy-tracking.ts';
export { openLoadTracking, type LoadOpenOptions, type LoadSession, type LoadTracking } from './load-tracking.ts';
export type { OpenOptions, TrackingEndpoint } from './open-options.ts';
export type {
  AttemptCost,
  ChangeCounts,
  Comparison,
  HistoryEntry,
  HistoryFilter,
  HistorySum,
  Hop,
  HopState,
  HopSuccess,
  MigrationReport,
  ProgressEvent,
  RecordedState,
  Proof,
  RowCounts,
  RunStart,
  SeedReport,
  TableResult,
  TrackingRecord,
  TrackingStatus,
  TransformResult,
  TransformState,
  VerificationEntry,
} from './types.ts';
