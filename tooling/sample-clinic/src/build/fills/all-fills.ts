import type { Fill } from '../fill.ts';
import { INSURANCE_FILLS } from './insurance.ts';
import { LOOKUP_FILLS } from './lookups.ts';
import { MONEY_FILLS } from './money.ts';
import { PAPERWORK_FILLS } from './paperwork.ts';
import { PATIENT_FILLS } from './patients.ts';
import { PLAN_FILLS } from './plans-and-prescriptions.ts';
import { STAFF_FILLS } from './staff.ts';
import { TASK_AND_LOG_FILLS } from './tasks-and-logs.ts';
import { VISIT_FILLS } from './visits.ts';

/** How each of the 68 tables is filled; a table stands after those it points at. */
export const ALL_FILLS: readonly Fill[] = [
  ...LOOKUP_FILLS,
  ...STAFF_FILLS,
  ...PATIENT_FILLS,
  ...VISIT_FILLS,
  ...INSURANCE_FILLS,
  ...PLAN_FILLS,
  ...PAPERWORK_FILLS,
  ...MONEY_FILLS,
  ...TASK_AND_LOG_FILLS,
];
