import type { Draw } from '../../chance/draw.ts';
import { inventedNote } from '../../chance/invented-words.ts';
import { amountOf, businessDate, enteredDate, type Fill, type FillInput } from '../fill.ts';
import type { Practice, Row, Value } from '../practice.ts';

/** What patients owe and pay. */
export const MONEY_FILLS: readonly Fill[] = [
  {
    table: 'statement',
    remembers: ['PatNum'],
    row: (input) => ({
      PatNum: input.practice.link('patient', 'Guarantor', input.draw),
      DateSent: enteredDate(input),
      DateRangeFrom: enteredDate(input, -60),
      DateRangeTo: input.draw.chance(0.5) ? '2200-01-01' : enteredDate(input),
      Note: input.draw.chance(0.5) ? inventedNote(input.draw, 1) : '',
      NoteBold: input.draw.chance(0.1) ? inventedNote(input.draw, 1) : null,
      Mode_: input.draw.int(0, 3),
      IsSent: input.draw.chance(0.8) ? 1 : 0,
      DocNum: input.practice.link('document', 'DocNum', input.draw),
      EmailSubject: input.draw.chance(0.3) ? 'Your statement' : '',
      EmailBody: input.draw.chance(0.3) ? inventedNote(input.draw, 4) : '',
      InsEst: input.draw.money(0, 300),
      BalTotal: input.draw.money(0, 900),
      StatementType: 'NotSet',
      ShortGUID: input.draw.hex(7),
    }),
  },
  {
    table: 'adjustment',
    remembers: ['PatNum'],
    row: (input) => {
      const procedure = input.practice.any('procedurelog', input.draw);
      return {
        AdjDate: businessDate(input, input.draw.chance(0.1) ? 365 : 0, input.draw.chance(0.02) ? 90 : 0),
        AdjAmt: input.draw.chance(0.7) ? -input.draw.money(1, 200) : input.draw.money(1, 60),
        PatNum: procedure['PatNum'] ?? 0,
        AdjType: input.practice.outside(input.draw.int(1, 20)),
        ProvNum: procedure['ProvNum'] ?? 0,
        AdjNote: input.draw.chance(0.3) ? inventedNote(input.draw, 1) : null,
        ProcDate: procedure['ProcDate'],
        ProcNum: input.draw.chance(0.8) ? procedure['ProcNum'] : 0,
        StatementNum: input.draw.chance(0.1) ? input.practice.link('statement', 'StatementNum', input.draw) : 0,
      };
    },
  },
  {
    table: 'payplan',
    remembers: ['PatNum'],
    row: (input) => ({
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      Guarantor: input.practice.link('patient', 'Guarantor', input.draw),
      PayPlanDate: enteredDate(input),
      APR: input.draw.pick([0, 3.9, 12.5]),
      Note: inventedNote(input.draw, 2),
      CompletedAmt: input.draw.money(200, 3000),
      NumberOfPayments: input.draw.int(3, 24),
      PayAmt: input.draw.money(20, 200),
    }),
  },
  {
    table: 'payment',
    remembers: ['PatNum', 'PayDate', 'PayAmt'],
    row: (input) => ({
      PayType: input.practice.outside(input.draw.int(0, 8)),
      PayDate: businessDate(input, input.draw.chance(0.1) ? 30 : 0, input.draw.chance(0.02) ? 30 : 0),
      PayAmt: input.draw.money(5, 900),
      CheckNum: input.draw.chance(0.2) ? input.draw.digits(4) : '',
      PayNote: input.draw.chance(0.2) ? inventedNote(input.draw, 1) : '',
      PatNum: input.practice.link('patient', 'PatNum', input.draw),
      Receipt: input.draw.chance(0.1) ? `APPROVED ${input.draw.digits(6)}\n${inventedNote(input.draw, 1)}` : '',
      MerchantFee: input.draw.chance(0.1) ? input.draw.money(1, 20) : 0,
    }),
  },
  { table: 'paysplit', remembers: [], row: paySplitRow },
  {
    table: 'statementprod',
    remembers: [],
    row: ({ draw, practice, index, total }) => {
      const statements = practice.known('statement');
      const statement = statements[Math.floor((index * statements.length) / total)] ?? {};
      const type = draw.int(0, 2);
      return {
        StatementNum: statement['StatementNum'] ?? 0,
        FKey: PRODUCTION_LINKS[type]?.(practice, draw),
        ProdType: type,
        DocNum: practice.link('document', 'DocNum', draw),
      };
    },
  },
];

/** What a line of a statement points at, by its type. */
const PRODUCTION_LINKS: readonly ((practice: Practice, draw: Draw) => Value)[] = [
  (practice, draw) => practice.link('procedurelog', 'ProcNum', draw),
  (practice, draw) => practice.link('adjustment', 'AdjNum', draw),
  (practice, draw) => practice.link('paysplit', 'SplitNum', draw),
];

function paySplitRow(input: FillInput): Row {
  const { draw, practice, index, total } = input;
  const payments = practice.known('payment');
  const payment = payments[Math.floor((index * payments.length) / total)] ?? {};
  const procedures = practice.ofPatient('procedurelog', payment['PatNum']);
  const procedure = procedures.length > 0 && draw.chance(0.8) ? draw.pick(procedures) : {};
  return {
    SplitAmt: draw.chance(0.05) ? -draw.money(1, 100) : amountOf(payment['PayAmt']) / 3,
    PatNum: payment['PatNum'] ?? 0,
    ProcDate: draw.chance(0.5) ? '0000-00-00' : procedure['ProcDate'],
    PayNum: payment['PayNum'] ?? 0,
    ProvNum: procedure['ProvNum'],
    DatePay: payment['PayDate'],
    ProcNum: procedure['ProcNum'] ?? 0,
    UnearnedType: procedure['ProcNum'] === undefined ? practice.outside(1) : 0,
  };
}
