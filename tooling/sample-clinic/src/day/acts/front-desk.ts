import { inventedName, inventedNote, inventedPhone } from '../../chance/invented-words.ts';
import { dateTimeText, plusSeconds } from '../../clock/wall-clock.ts';
import type { Act } from '../act.ts';
import { another, timeNow, today } from './values.ts';

/** People come in, log in, move appointments and fill in forms. */
export const FRONT_DESK_ACTS: readonly Act[] = [
  {
    kind: 'edit',
    table: 'userod',
    share: 0.6,
    set: (input) => ({ DateTLastLogin: timeNow(input), FailedAttempts: 0 }),
  },
  { kind: 'edit', table: 'userod', share: 0, set: (input) => ({ DateTFail: timeNow(input), FailedAttempts: 1 }) },
  {
    kind: 'edit',
    table: 'employee',
    share: 0.5,
    reads: ['ClockStatus'],
    set: (input) => ({ ClockStatus: another(input, 'ClockStatus', ['Working', 'Home', 'Lunch', 'Break', 'Out']) }),
  },
  { kind: 'insert', table: 'patient', share: 0.004, atLeast: 2 },
  { kind: 'insert', table: 'patientnote', share: 0, asManyAs: 'patient' },
  { kind: 'insert', table: 'appointment', share: 0.02, atLeast: 4 },
  {
    kind: 'edit',
    table: 'appointment',
    where: 'AptStatus IN (1, 3)',
    share: 0.1,
    atLeast: 3,
    set: (input) => ({
      AptStatus: 1,
      AptDateTime: `${today(input, input.draw.int(1, 400))} 09:10:00`,
      Op: input.practice.outside(input.draw.int(1, 10)),
    }),
  },
  {
    kind: 'edit',
    table: 'appointment',
    where: 'AptStatus = 1',
    share: 0.3,
    atLeast: 3,
    set: (input) => ({
      AptStatus: 2,
      AptDateTime: `${today(input)} 09:00:00`,
      DateTimeArrived: `${today(input)} 08:55:00`,
      DateTimeSeated: `${today(input)} 09:05:00`,
      DateTimeDismissed: timeNow(input),
    }),
  },
  {
    kind: 'remove',
    table: 'appointment',
    where: 'AptStatus IN (1, 3, 5)',
    share: 0.03,
    atLeast: 2,
    takesAlong: [{ table: 'labcase', column: 'AptNum' }],
    unlinks: [
      { table: 'securitylog', column: 'FKey' },
      { table: 'procedurelog', column: 'AptNum' },
    ],
  },
  {
    kind: 'edit',
    table: 'patient',
    share: 0.01,
    atLeast: 3,
    set: ({ draw }) => ({
      Address: `${draw.int(1, 9999)} ${inventedName(draw)} Blvd`,
      WirelessPhone: inventedPhone(draw),
      AddrNote: inventedNote(draw, 2),
    }),
  },
  {
    kind: 'edit',
    table: 'patient',
    where: 'PatStatus IN (2, 3)',
    share: 0.01,
    softDeletes: true,
    set: () => ({ PatStatus: 4 }),
  },
  {
    kind: 'edit',
    table: 'patientnote',
    share: 0.01,
    atLeast: 2,
    set: ({ draw }) => ({ Medical: inventedNote(draw, 3), ICEPhone: inventedPhone(draw) }),
  },
  { kind: 'insert', table: 'recall', share: 0.005 },
  {
    kind: 'edit',
    table: 'recall',
    share: 0.02,
    set: (input) => ({ DateDue: today(input, input.draw.int(150, 400)), DateDueCalc: today(input, 180) }),
  },
  { kind: 'remove', table: 'recall', share: 0.002 },
  { kind: 'insert', table: 'commlog', share: 0.01 },
  { kind: 'edit', table: 'commlog', share: 0.002, set: ({ draw }) => ({ Note: inventedNote(draw, 5) }) },
  { kind: 'remove', table: 'commlog', share: 0.0005 },
  { kind: 'insert', table: 'sheet', share: 0.02, atLeast: 2 },
  { kind: 'insert', table: 'sheetfield', share: 0.01 },
  {
    kind: 'edit',
    table: 'sheet',
    where: 'IsDeleted = 0',
    share: 0.03,
    // The workstation's clock again, this time mostly behind the server's.
    set: ({ draw, clock }) => ({
      InternalNote: inventedNote(draw, 1),
      DateTSheetEdited: dateTimeText(plusSeconds(clock, draw.int(-5400, 600))),
    }),
  },
  {
    kind: 'edit',
    table: 'sheet',
    where: 'IsDeleted = 0',
    share: 0.02,
    atLeast: 2,
    softDeletes: true,
    set: () => ({ IsDeleted: 1 }),
  },
  { kind: 'edit', table: 'sheetfield', share: 0.01, set: ({ draw }) => ({ FieldValue: inventedNote(draw, 2) }) },
  { kind: 'remove', table: 'sheetfield', share: 0.002, atLeast: 2 },
  { kind: 'insert', table: 'document', share: 0.01 },
  { kind: 'edit', table: 'document', share: 0.005, set: ({ draw }) => ({ Description: `Scan ${draw.digits(9)}` }) },
  { kind: 'remove', table: 'document', share: 0.001 },
];
