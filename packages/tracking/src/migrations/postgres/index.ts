import { AddAttempt1785196800005 } from './add-attempt.ts';
import { AddColumnQuality1785196800004 } from './add-column-quality.ts';
import { AddCost1785196800009 } from './add-cost.ts';
import { AddPruning1785196800007 } from './add-pruning.ts';
import { CreateLoadStatus1785196800001 } from './create-load-status.ts';
import { CreateRunHistory1785196800003 } from './create-run-history.ts';
import { CreateTransformStatus1785196800002 } from './create-transform-status.ts';
import { CreateVerification1785196800006 } from './create-verification.ts';

/** In the order in which they run. A new one goes to the end, with a later number. */
export const LOAD_MIGRATIONS = [
  CreateLoadStatus1785196800001,
  CreateTransformStatus1785196800002,
  CreateRunHistory1785196800003,
  AddColumnQuality1785196800004,
  AddAttempt1785196800005,
  CreateVerification1785196800006,
  AddPruning1785196800007,
  AddCost1785196800009,
];
