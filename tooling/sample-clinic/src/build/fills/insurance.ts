import { inventedName, inventedNote } from '../../chance/invented-words.ts';
import { amountOf, businessDate, enteredDate, type Fill, type FillInput } from '../fill.ts';
import type { Row } from '../practice.ts';

/** Plans, who has them, and what was asked of them. */
export const INSURANCE_FILLS: readonly Fill[] = [
  {
    table: 'insplan',
    remembers: [],
    row: ({ draw, practice }) => ({
      GroupName: `${inventedName(draw)} Works`,
      GroupNum: draw.chance(0.9) ? draw.digits(6) : null,
      PlanNote: draw.chance(0.3) ? inventedNote(draw, 2) : '',
      FeeSched: practice.link('feesched', 'FeeSchedNum', draw),
      PlanType: draw.pick(['', 'p', 'f', 'c']),
      CarrierNum: practice.outside(draw.int(1, 60)),
      PerVisitPatAmount: draw.money(0, 40),
    }),
  },
  {
    table: 'inssub',
    remembers: ['PlanNum'],
    row: (input) => ({
      PlanNum: input.practice.link('insplan', 'PlanNum', input.draw),
      Subscriber: input.practice.link('patient', 'PatNum', input.draw),
      DateEffective: businessDate(input, 400, 0),
      DateTerm: input.draw.chance(0.2) ? businessDate(input, 0, 400) : '0001-01-01',
      ReleaseInfo: 1,
      AssignBen: 1,
      SubscriberID: input.draw.digits(9),
      SubscNote: input.draw.chance(0.1) ? inventedNote(input.draw, 1) : '',
    }),
  },
  {
    table: 'patplan',
    remembers: ['PatNum', 'InsSubNum'],
    row: ({ draw, practice }) => ({
      PatNum: practice.link('patient', 'PatNum', draw),
      Ordinal: draw.pick([1, 1, 1, 2]),
      Relationship: draw.int(0, 3),
      InsSubNum: practice.link('inssub', 'InsSubNum', draw),
    }),
  },
  { table: 'claim', remembers: ['PatNum', 'ClaimStatus'], row: claimRow },
  { table: 'claimproc', remembers: [], row: claimProcRow },
];

function claimRow(input: FillInput): Row {
  const { draw, practice } = input;
  const subscription = practice.any('inssub', draw);
  const status = draw.pick(['S', 'R', 'R', 'R', 'R', 'W', 'U', 'H']);
  const fee = draw.money(60, 2400);
  return {
    PatNum: practice.link('patient', 'PatNum', draw),
    DateService: enteredDate(input, -draw.int(0, 3)),
    DateSent: enteredDate(input),
    ClaimStatus: status,
    DateReceived: status === 'R' ? enteredDate(input, draw.int(5, 40)) : '0001-01-01',
    PlanNum: subscription['PlanNum'] ?? 0,
    InsSubNum: subscription['InsSubNum'] ?? 0,
    ProvTreat: practice.link('provider', 'ProvNum', draw),
    ProvBill: practice.link('provider', 'ProvNum', draw),
    ClaimFee: fee,
    InsPayEst: fee * 0.8,
    InsPayAmt: status === 'R' ? fee * 0.7 : 0,
    ClaimType: draw.pick(['P', 'S', 'PreAuth', 'Other']),
    ClaimNote: draw.chance(0.2) ? inventedNote(draw, 2) : null,
    ClaimIdentifier: `${draw.digits(4)}/${draw.digits(6)}`,
    Narrative: draw.chance(0.1) ? inventedNote(draw, 3) : '',
  };
}

function claimProcRow(input: FillInput): Row {
  const { draw, practice } = input;
  const procedure = practice.any('procedurelog', draw);
  const claims = practice.ofPatient('claim', procedure['PatNum']);
  const claim = claims.length > 0 ? draw.pick(claims) : {};
  const fee = amountOf(procedure['ProcFee']);
  const isReceived = claim['ClaimStatus'] === 'R';
  return {
    ProcNum: procedure['ProcNum'] ?? 0,
    ClaimNum: claim['ClaimNum'] ?? 0,
    PatNum: procedure['PatNum'] ?? 0,
    FeeBilled: fee,
    InsPayEst: fee * 0.8,
    InsPayAmt: isReceived ? fee * 0.7 : 0,
    WriteOff: isReceived ? fee * 0.1 : 0,
    Status: claim['ClaimNum'] === undefined ? 6 : isReceived ? 1 : 0,
    Remarks: draw.chance(0.05) ? inventedNote(draw, 1) : '',
    ClaimPaymentNum: isReceived ? practice.outside(draw.int(1, 900)) : 0,
    PlanNum: practice.link('insplan', 'PlanNum', draw),
    DateCP: isReceived ? businessDate(input, 20, 20) : '0001-01-01',
    ProcDate: procedure['ProcDate'],
    AllowedOverride: -1,
    DedEst: draw.pick([0, 50, -1]),
    InsEstTotal: fee * 0.8,
    InsSubNum: practice.link('inssub', 'InsSubNum', draw),
  };
}
