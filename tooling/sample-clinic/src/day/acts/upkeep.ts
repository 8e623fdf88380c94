import { inventedName, inventedNote } from '../../chance/invented-words.ts';
import type { Act } from '../act.ts';
import { another, numberOf } from './values.ts';

/** Done by few people and seldom: set-up, tidying of lists, and OpenDental's Database Maintenance. */
export const UPKEEP_ACTS: readonly Act[] = [
  // Lists without a stamp: neither an edit nor a delete leaves a trace.
  { kind: 'edit', table: 'usergroup', share: 0.1, set: ({ draw }) => ({ Description: inventedName(draw) }) },
  {
    kind: 'edit',
    table: 'recalltype',
    share: 0.1,
    reads: ['AppendToSpecial'],
    set: (input) => ({ AppendToSpecial: 1 - numberOf(input, 'AppendToSpecial') }),
  },
  { kind: 'edit', table: 'rxdef', share: 0.02, set: ({ draw }) => ({ Notes: inventedNote(draw, 2) }) },
  { kind: 'remove', table: 'rxdef', share: 0.01 },
  { kind: 'edit', table: 'zipcode', share: 0.01, set: ({ draw }) => ({ City: inventedName(draw) }) },
  { kind: 'remove', table: 'zipcode', share: 0.005 },
  { kind: 'edit', table: 'payplan', share: 0.1, set: ({ draw }) => ({ Note: inventedNote(draw, 2) }) },
  // Saved all at once: some rows inserted, some updated, some deleted.
  { kind: 'insert', table: 'programproperty', share: 0.005 },
  { kind: 'remove', table: 'programproperty', share: 0.005 },
  { kind: 'insert', table: 'pharmclinic', share: 0.1 },
  {
    kind: 'edit',
    table: 'pharmclinic',
    share: 0.1,
    reads: ['ClinicNum'],
    set: (input) => ({
      ClinicNum: another(
        input,
        'ClinicNum',
        [0, 1, 2].map((clinic) => input.practice.outside(clinic)),
      ),
    }),
  },
  { kind: 'remove', table: 'pharmclinic', share: 0.1 },
  { kind: 'insert', table: 'recalltrigger', share: 0.1 },
  { kind: 'remove', table: 'recalltrigger', share: 0.1 },
  { kind: 'insert', table: 'sheetfielddef', share: 0.005 },
  // Deleted with what belongs to them.
  { kind: 'remove', table: 'allergy', share: 0.005 },
  { kind: 'remove', table: 'rxpat', share: 0.005 },
  { kind: 'remove', table: 'referral', share: 0.002 },
  { kind: 'remove', table: 'medication', share: 0.002 },
  {
    kind: 'remove',
    table: 'statement',
    share: 0.002,
    takesAlong: [{ table: 'statementprod', column: 'StatementNum' }],
  },
  {
    kind: 'remove',
    table: 'treatplan',
    share: 0.002,
    takesAlong: [
      { table: 'treatplanattach', column: 'TreatPlanNum' },
      { table: 'proctp', column: 'TreatPlanNum' },
    ],
  },
  { kind: 'remove', table: 'perioexam', share: 0.002, takesAlong: [{ table: 'periomeasure', column: 'PerioExamNum' }] },
  { kind: 'remove', table: 'inssub', share: 0.002, takesAlong: [{ table: 'patplan', column: 'InsSubNum' }] },
  // Database Maintenance: a sheet is otherwise only marked as deleted.
  {
    kind: 'remove',
    table: 'sheet',
    where: 'IsDeleted = 0',
    share: 0.001,
    takesAlong: [{ table: 'sheetfield', column: 'SheetNum' }],
  },
];
