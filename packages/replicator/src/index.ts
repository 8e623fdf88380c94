export { copyTable } from './copy-table.ts';
export type { Differences } from './find-differences.ts';
export { foreseeRepair, type ForeseenRepair } from './foresee-repair.ts';
export { planTable, type TablePlan } from './plan-table.ts';
export { surveyReplica, type ReplicaSurvey } from './survey-replica.ts';
export type { CopyDeps, CopyInput, CopySettings, DeletePolicy } from './types.ts';
