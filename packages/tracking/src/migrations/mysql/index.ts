import { AddAttempt1785196800005 } from './add-attempt.ts';
import { AddColumnQuality1785196800004 } from './add-column-quality.ts';
import { AddCost1785196800009 } from './add-cost.ts';
import { AddPruning1785196800007 } from './add-pruning.ts';
import { CreateCopyStatus1785196800001 } from './create-copy-status.ts';
import { CreateRunHistory1785196800002 } from './create-run-history.ts';
import { CreateTombstone1785196800003 } from './create-tombstone.ts';

/** In the order in which they run. A new one goes to the end, with a later number. */
export const COPY_MIGRATIONS = [
  CreateCopyStatus1785196800001,
  CreateRunHistory1785196800002,
  CreateTombstone1785196800003,
  AddColumnQuality1785196800004,
  AddAttempt1785196800005,
  AddPruning1785196800007,
  AddCost1785196800009,
];
