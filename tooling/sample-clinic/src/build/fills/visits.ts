import { inventedNote } from '../../chance/invented-words.ts';
import { dateText, dateTimeText, timeText } from '../../clock/wall-clock.ts';
import { businessDate, enteredDate, enteredTime, type Fill, type FillInput } from '../fill.ts';
import type { Row } from '../practice.ts';

/** Appointments and the work done or planned in them. */
export const VISIT_FILLS: readonly Fill[] = [
  { table: 'appointment', remembers: ['PatNum', 'AptStatus'], row: appointmentRow },
  {
    table: 'labcase',
    remembers: ['PatNum'],
    row: (input) => {
      const appointment = input.practice.any('appointment', input.draw);
      return {
        PatNum: appointment['PatNum'] ?? 0,
        AptNum: appointment['AptNum'] ?? 0,
        LaboratoryNum: input.practice.outside(input.draw.int(1, 6)),
        DateTimeDue: `${enteredDate(input, 10)} 12:00:00`,
        DateTimeCreated: enteredTime(input),
        DateTimeSent: input.draw.chance(0.8) ? enteredTime(input) : '0001-01-01 00:00:00',
        DateTimeRecd: input.draw.chance(0.6) ? `${enteredDate(input, 9)} 15:30:00` : '0001-01-01 00:00:00',
        Instructions: inventedNote(input.draw, 2),
        LabFee: input.draw.money(40, 300),
      };
    },
  },
  {
    table: 'procedurelog',
    remembers: ['PatNum', 'ProcDate', 'ProcFee', 'ProcStatus', 'CodeNum', 'ProvNum'],
    row: procedureRow,
  },
  {
    table: 'procnote',
    remembers: ['PatNum'],
    row: (input) => {
      const procedure = input.practice.any('procedurelog', input.draw);
      return {
        PatNum: procedure['PatNum'] ?? 0,
        ProcNum: procedure['ProcNum'] ?? 0,
        EntryDateTime: enteredTime(input),
        Note: inventedNote(input.draw, input.draw.int(1, 5)),
        Signature: input.draw.chance(0.3) ? `0|${input.draw.hex(60)}` : '',
      };
    },
  },
  {
    table: 'procgroupitem',
    row: ({ draw, practice }) => ({
      ProcNum: practice.link('procedurelog', 'ProcNum', draw),
      GroupNum: practice.link('procedurelog', 'ProcNum', draw),
    }),
  },
  {
    table: 'procmultivisit',
    remembers: ['PatNum'],
    row: ({ draw, practice, index }) => {
      const procedure = practice.any('procedurelog', draw);
      return {
        GroupProcMultiVisitNum: practice.addedKey('procmultivisit', index - (index % 2)),
        ProcNum: procedure['ProcNum'] ?? 0,
        PatNum: procedure['PatNum'] ?? 0,
        ProcStatus: procedure['ProcStatus'] ?? 0,
        IsInProcess: draw.int(0, 1),
      };
    },
  },
  {
    table: 'refattach',
    remembers: ['PatNum'],
    row: (input) => ({
      ReferralNum: input.practice.link('referral', 'ReferralNum', input.draw),
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      ItemOrder: input.draw.int(0, 3),
      RefDate: businessDate(input, 10, 0),
      RefType: input.draw.int(0, 2),
      Note: input.draw.chance(0.2) ? inventedNote(input.draw, 1) : '',
      ProcNum: input.draw.chance(0.5) ? input.practice.link('procedurelog', 'ProcNum', input.draw) : 0,
    }),
  },
];

function appointmentRow(input: FillInput): Row {
  const { draw, practice, at } = input;
  const patient = practice.any('patient', draw);
  const day = at.entered.day + draw.int(-2, 60);
  const start = draw.int(28, 66) * 900;
  const isPast = day < practice.rules.now.day;
  const status = isPast ? draw.pick([2, 2, 2, 2, 3, 5]) : draw.pick([1, 1, 1, 6]);
  const clock = (second: number): string => dateTimeText({ day, second });
  const unset = '0001-01-01 00:00:00';
  return {
    PatNum: patient['PatNum'] ?? 0,
    AptStatus: status,
    Pattern: draw.pick(['/XXXX/', '//XXXXXXXX//', '/XX/']),
    Confirmed: practice.outside(draw.int(1, 6)),
    Op: practice.outside(draw.int(1, 10)),
    Note: draw.chance(0.4) ? inventedNote(draw, 1) : '',
    ProvNum: patient['PriProv'] ?? 0,
    ProvHyg: draw.chance(0.5) ? practice.link('provider', 'ProvNum', draw) : 0,
    AptDateTime: status === 6 ? unset : clock(start),
    IsNewPatient: draw.chance(0.1) ? 1 : 0,
    ProcDescript: 'PerEx, Pro, 4BW',
    IsHygiene: draw.int(0, 1),
    DateTimeArrived: status === 2 ? clock(start - 300) : `${dateText(day)} 00:00:00`,
    DateTimeSeated: status === 2 ? clock(start + 180) : `${dateText(day)} 00:00:00`,
    DateTimeDismissed: status === 2 ? clock(start + 3000) : `${dateText(day)} 00:00:00`,
    ProcsColored: '<span color="-16777216">PerEx</span>',
  };
}

function procedureRow(input: FillInput): Row {
  const { draw, practice, at } = input;
  const code = practice.any('procedurecode', draw);
  const patient = practice.any('patient', draw);
  const status = draw.pick([2, 2, 2, 2, 2, 1, 1, 3, 4, 6]);
  const isComplete = status === 2;
  const appointments = practice.ofPatient('appointment', patient['PatNum']);
  const quarter = draw.int(28, 66) * 900;
  return {
    PatNum: patient['PatNum'] ?? 0,
    AptNum: appointments.length > 0 && draw.chance(0.7) ? draw.pick(appointments)['AptNum'] : 0,
    ProcDate: businessDate(input, draw.chance(0.1) ? 40 : 0, draw.chance(0.02) ? 30 : 0),
    ProcFee: draw.money(20, 1600),
    Surf: draw.pick(['', '', 'MO', 'DO', 'MOD', 'B']),
    ToothNum: draw.chance(0.6) ? String(draw.int(1, 32)) : '',
    ProcStatus: status,
    ProvNum: patient['PriProv'] ?? 0,
    Dx: practice.outside(draw.int(0, 9)),
    DateOriginalProsth: '0001-01-01',
    DateEntryC: isComplete ? dateText(at.edited.day) : '0001-01-01',
    CodeNum: code['CodeNum'] ?? 0,
    CodeMod1: draw.chance(0.1) ? 'AB' : null,
    UnitQty: 1,
    StartTime: draw.chance(0.1) ? 830 : 0,
    DateTP: enteredDate(input, -draw.int(0, 90)),
    ProcTime: timeText(quarter),
    ProcTimeEnd: timeText(quarter + 2700),
    DrugQty: draw.chance(0.02) ? 1.8 : 0,
    BillingNote: draw.chance(0.02) ? inventedNote(draw, 1) : '',
    Discount: draw.chance(0.05) ? draw.money(1, 50) : 0,
    DateComplete: isComplete ? enteredDate(input) : '0001-01-01',
  };
}
