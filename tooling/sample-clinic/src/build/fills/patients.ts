import { inventedEmail, inventedName, inventedNote, inventedPhone } from '../../chance/invented-words.ts';
import { businessDate, enteredDate, enteredTime, type Fill, type FillInput, randomKeySinceHalfTime } from '../fill.ts';
import type { Row } from '../practice.ts';

/** Patients and what is known about each. */
export const PATIENT_FILLS: readonly Fill[] = [
  { table: 'patient', remembers: ['PatNum', 'Guarantor', 'PriProv'], row: patientRow },
  {
    table: 'patientnote',
    key: ({ practice, index }) => practice.addedKey('patient', index),
    row: ({ draw }) => ({
      FamFinancial: draw.chance(0.2) ? inventedNote(draw, 2) : '',
      ApptPhone: null,
      Medical: draw.chance(0.3) ? inventedNote(draw, 1) : '',
      MedicalComp: draw.chance(0.3) ? inventedNote(draw, 3) : '',
      Treatment: draw.chance(0.2) ? inventedNote(draw, 1) : null,
      ICEName: draw.chance(0.3) ? inventedName(draw) : '',
      ICEPhone: draw.chance(0.3) ? inventedPhone(draw) : '',
      Pronoun: draw.int(0, 4),
    }),
  },
  {
    table: 'allergy',
    remembers: ['PatNum'],
    row: ({ draw, practice }) => ({
      AllergyDefNum: practice.outside(draw.int(1, 40)),
      PatNum: practice.link('patient', 'PatNum', draw),
      Reaction: draw.pick(['hives', 'rash', 'swelling', '']),
      StatusIsActive: draw.int(0, 1),
    }),
  },
  {
    table: 'recall',
    remembers: ['PatNum'],
    row: (input) => ({
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      DateDueCalc: businessDate(input, 0, 220),
      DateDue: businessDate(input, 0, 220),
      DatePrevious: enteredDate(input, -180),
      RecallInterval: 393_216,
      RecallStatus: input.practice.outside(input.draw.int(0, 5)),
      Note: input.draw.chance(0.2) ? inventedNote(input.draw, 1) : '',
      RecallTypeNum: input.practice.link('recalltype', 'RecallTypeNum', input.draw),
      DateScheduled: input.draw.chance(0.3) ? businessDate(input, 0, 200) : '0001-01-01',
    }),
  },
  {
    table: 'commlog',
    key: randomKeySinceHalfTime,
    remembers: ['PatNum'],
    row: (input) => ({
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      CommDateTime: enteredTime(input),
      CommType: input.practice.outside(input.draw.int(1, 8)),
      Note: inventedNote(input.draw, input.draw.int(1, 4)),
      Mode_: input.draw.int(0, 6),
      SentOrReceived: input.draw.int(0, 2),
      CommSource: input.draw.chance(0.1) ? null : input.draw.int(0, 3),
      DateTimeEnd: input.draw.chance(0.1) ? enteredTime(input) : '0001-01-01 00:00:00',
    }),
  },
  {
    table: 'toothinitial',
    remembers: ['PatNum'],
    row: ({ draw, practice }) => ({
      PatNum: practice.link('patient', 'PatNum', draw),
      ToothNum: String(draw.int(1, 32)),
      InitialType: draw.int(0, 9),
      Movement: draw.int(-50, 50) / 10,
      DrawingSegment: draw.chance(0.1) ? '12,43;15,44;17,49' : null,
    }),
  },
  {
    table: 'perioexam',
    remembers: ['PatNum'],
    row: (input) => ({
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      ExamDate: businessDate(input, 3, 0),
      DateTMeasureEdit: enteredTime(input),
      Note: input.draw.chance(0.1) ? inventedNote(input.draw, 1) : '',
    }),
  },
  {
    table: 'periomeasure',
    row: ({ draw, practice, index, total }) => {
      const exams = practice.known('perioexam');
      const exam = exams[Math.floor((index * exams.length) / total)];
      const depth = (): number => draw.pick([-1, 1, 2, 2, 3, 3, 4, 7]);
      return {
        PerioExamNum: exam?.['PerioExamNum'] ?? 0,
        SequenceType: draw.int(0, 6),
        IntTooth: draw.int(1, 32),
        ToothValue: -1,
        MBvalue: depth(),
        Bvalue: depth(),
        DBvalue: depth(),
        MLvalue: depth(),
        Lvalue: depth(),
        DLvalue: depth(),
      };
    },
  },
];

function patientRow(input: FillInput): Row {
  const { draw, practice, index } = input;
  const own = practice.addedKey('patient', index);
  const relative = practice.known('patient').at(-draw.int(1, 3));
  const guarantor = draw.chance(0.4) ? (relative?.['Guarantor'] ?? own) : own;
  const balance = draw.chance(0.4) ? draw.money(-200, 900) : 0;
  return {
    LName: inventedName(draw),
    FName: inventedName(draw),
    Preferred: draw.chance(0.1) ? inventedName(draw) : '',
    PatStatus: draw.pick([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]),
    Gender: draw.int(0, 2),
    Position: draw.int(0, 4),
    Birthdate: `${draw.int(1930, 2022)}-0${draw.int(1, 9)}-${draw.int(10, 28)}`,
    SSN: draw.chance(0.5) ? `00000${draw.int(1000, 9999)}` : '',
    Address: `${draw.int(1, 9999)} ${inventedName(draw)} Ave`,
    City: inventedName(draw),
    State: 'ZZ',
    Zip: `00${draw.digits(3)}`,
    HmPhone: draw.chance(0.6) ? inventedPhone(draw) : '',
    WirelessPhone: inventedPhone(draw),
    Guarantor: guarantor,
    CreditType: draw.pick(['', 'A', 'C']),
    Email: draw.chance(0.7) ? inventedEmail(draw) : '',
    PriProv: practice.link('provider', 'ProvNum', draw),
    FeeSched: draw.chance(0.2) ? practice.link('feesched', 'FeeSchedNum', draw) : 0,
    BillingType: practice.outside(draw.int(1, 5)),
    AddrNote: draw.chance(0.1) ? inventedNote(draw, 1) : null,
    FamFinUrgNote: draw.chance(0.1) ? inventedNote(draw, 1) : '',
    ChartNumber: draw.chance(0.3) ? draw.digits(7) : '',
    EstBalance: balance,
    Bal_0_30: guarantor === own ? balance : 0,
    BalTotal: guarantor === own ? balance : 0,
    DateFirstVisit: enteredDate(input),
    HasIns: draw.chance(0.6) ? 'I' : '',
    SchedBeforeTime: draw.chance(0.1) ? '12:00:00' : null,
    Language: draw.pick(['', '', '', 'es', 'zh']),
    TxtMsgOk: draw.int(0, 2),
  };
}
