import { inventedNote } from '../../chance/invented-words.ts';
import type { Act } from '../act.ts';
import { another, numberOf, today } from './values.ts';

/** Payments, claims, statements, and the aging run that rewrites balances. */
export const BILLING_ACTS: readonly Act[] = [
  { kind: 'insert', table: 'payment', share: 0.01 },
  { kind: 'edit', table: 'payment', share: 0.003, set: ({ draw }) => ({ PayAmt: draw.money(5, 900) }) },
  { kind: 'remove', table: 'payment', share: 0.001, takesAlong: [{ table: 'paysplit', column: 'PayNum' }] },
  // A payment's splits are saved all at once: some inserted, some updated, some deleted.
  { kind: 'insert', table: 'paysplit', share: 0.01 },
  { kind: 'edit', table: 'paysplit', share: 0.005, set: ({ draw }) => ({ SplitAmt: draw.money(1, 300) }) },
  { kind: 'remove', table: 'paysplit', share: 0.003, atLeast: 2 },
  { kind: 'insert', table: 'adjustment', share: 0.01 },
  {
    kind: 'edit',
    table: 'adjustment',
    share: 0.005,
    atLeast: 2,
    set: (input) => ({
      AdjAmt: -input.draw.money(1, 200),
      AdjDate: today(input, input.draw.pick([-400, -30, 0, 60])),
    }),
  },
  { kind: 'remove', table: 'adjustment', share: 0.002 },
  { kind: 'insert', table: 'claim', share: 0.02 },
  {
    kind: 'edit',
    table: 'claim',
    where: "ClaimStatus = 'S'",
    share: 0.1,
    set: (input) => ({
      ClaimStatus: 'R',
      DateReceived: today(input, input.draw.int(-20, 0)),
      InsPayAmt: input.draw.money(10, 900),
    }),
  },
  { kind: 'remove', table: 'claim', share: 0.005, unlinks: [{ table: 'claimproc', column: 'ClaimNum' }] },
  { kind: 'insert', table: 'claimproc', share: 0.01 },
  {
    kind: 'edit',
    table: 'claimproc',
    where: '`Status` IN (0, 6)',
    share: 0.03,
    atLeast: 2,
    set: (input) => ({
      Status: 1,
      InsPayAmt: input.draw.money(10, 900),
      DateCP: today(input, input.draw.int(-20, 5)),
      DateEntry: today(input),
    }),
  },
  { kind: 'remove', table: 'claimproc', where: '`Status` = 6', share: 0.01 },
  { kind: 'insert', table: 'statement', share: 0.02 },
  { kind: 'edit', table: 'statement', where: 'IsSent = 0', share: 0.3, set: () => ({ IsSent: 1 }) },
  { kind: 'insert', table: 'statementprod', share: 0.01 },
  {
    kind: 'edit',
    table: 'statementprod',
    share: 0.01,
    reads: ['ProdType'],
    set: (input) => ({ ProdType: another(input, 'ProdType', [0, 1, 2]) }),
  },
  { kind: 'remove', table: 'statementprod', share: 0.005, atLeast: 2 },
  {
    // Aging: nobody touched these patients, yet the server stamps each of them.
    kind: 'edit',
    table: 'patient',
    where: 'PatNum = Guarantor',
    share: 0.4,
    reads: ['BalTotal', 'Bal_0_30'],
    set: (input) => ({
      BalTotal: numberOf(input, 'BalTotal') + 0.1,
      Bal_31_60: numberOf(input, 'Bal_0_30'),
      Bal_0_30: input.draw.money(0, 200),
    }),
  },
  { kind: 'insert', table: 'inssub', share: 0.005 },
  { kind: 'edit', table: 'inssub', share: 0.01, set: (input) => ({ DateTerm: today(input, input.draw.int(1, 365)) }) },
  { kind: 'insert', table: 'patplan', share: 0.005 },
  {
    kind: 'edit',
    table: 'patplan',
    share: 0.01,
    reads: ['Ordinal'],
    set: (input) => ({ Ordinal: another(input, 'Ordinal', [1, 2]) }),
  },
  { kind: 'remove', table: 'patplan', share: 0.003 },
  { kind: 'insert', table: 'insplan', share: 0.005 },
  { kind: 'edit', table: 'insplan', share: 0.01, set: ({ draw }) => ({ PlanNote: inventedNote(draw, 3) }) },
];
