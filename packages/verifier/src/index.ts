export type {
  Cause,
  DifferenceKind,
  DifferingRow,
  Scope,
  Verification,
  Verified,
  VerifyDeps,
  VerifyInput,
  VerifySettings,
} from './types.ts';
export { verifyTable } from './verify-table.ts';
