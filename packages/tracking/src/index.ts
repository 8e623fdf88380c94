export { POINT_CHANNEL, POINTS, reachPoint, type Point, type PointVisit } from './reach-point.ts';
export type {
  ChangeCounts,
  HistoryEntry,
  Hop,
  HopState,
  HopSuccess,
  ProgressEvent,
  RowCounts,
  RunStart,
  TableResult,
  TrackingStatus,
} from './types.ts';
