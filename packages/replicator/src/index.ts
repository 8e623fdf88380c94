export { copyTable } from './copy-table.ts';
export { planTable, type TablePlan } from './plan-table.ts';
export type { CopyDeps, CopyInput, CopySettings, DeletePolicy } from './types.ts';
