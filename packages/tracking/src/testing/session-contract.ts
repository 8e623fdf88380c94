import { commitContract } from './commit-contract.ts';
import { failureContract } from './failure-contract.ts';
import { lockContract } from './lock-contract.ts';
import { recordsContract } from './records-contract.ts';
import type { HopUnderTest } from './scene.ts';

/** What both hops promise of their tracking, whatever the database. */
export function sessionContract(under: HopUnderTest): void {
  commitContract(under);
  failureContract(under);
  lockContract(under);
  recordsContract(under);
}
