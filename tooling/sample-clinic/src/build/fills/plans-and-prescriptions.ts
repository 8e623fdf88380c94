import { inventedName, inventedNote } from '../../chance/invented-words.ts';
import { amountOf, enteredDate, enteredTime, type Fill } from '../fill.ts';

/** Treatment plans and prescriptions. */
export const PLAN_FILLS: readonly Fill[] = [
  {
    table: 'treatplan',
    remembers: ['PatNum'],
    row: (input) => {
      const isSigned = input.draw.chance(0.3);
      return {
        PatNum: input.practice.link('patient', 'PatNum', input.draw),
        DateTP: enteredDate(input),
        Heading: input.draw.pick(['Active Treatment Plan', 'Phase 1', 'Ohne Prothese – später']),
        Note: inventedNote(input.draw, 2),
        Signature: isSigned ? `0|${input.draw.hex(80)}` : '',
        TPStatus: input.draw.int(0, 2),
        DateTSigned: isSigned ? enteredTime(input) : '0001-01-01 00:00:00',
        SignatureText: isSigned ? inventedName(input.draw) : '',
      };
    },
  },
  {
    table: 'treatplanattach',
    remembers: [],
    row: ({ draw, practice }) => {
      const plan = practice.any('treatplan', draw);
      const procedures = practice.ofPatient('procedurelog', plan['PatNum']);
      return {
        TreatPlanNum: plan['TreatPlanNum'] ?? 0,
        ProcNum: procedures.length > 0 ? draw.pick(procedures)['ProcNum'] : 0,
        Priority: practice.outside(draw.int(0, 5)),
      };
    },
  },
  {
    table: 'treatplanparam',
    remembers: ['PatNum'],
    row: ({ draw, practice }) => {
      const plan = practice.any('treatplan', draw);
      return { PatNum: plan['PatNum'] ?? 0, TreatPlanNum: plan['TreatPlanNum'] ?? 0, ShowFees: draw.int(0, 1) };
    },
  },
  {
    table: 'proctp',
    remembers: ['PatNum'],
    row: (input) => {
      const { draw, practice } = input;
      const plan = practice.any('treatplan', draw);
      const procedures = practice.ofPatient('procedurelog', plan['PatNum']);
      const procedure = procedures.length > 0 ? draw.pick(procedures) : {};
      const fee = amountOf(procedure['ProcFee']);
      return {
        TreatPlanNum: plan['TreatPlanNum'] ?? 0,
        PatNum: plan['PatNum'] ?? 0,
        ProcNumOrig: procedure['ProcNum'] ?? 0,
        ItemOrder: draw.int(0, 12),
        ProcCode: 'D2740',
        Descript: 'crown - porcelain',
        FeeAmt: fee,
        PriInsAmt: fee * 0.5,
        PatAmt: fee - fee * 0.5,
        DateTP: enteredDate(input),
      };
    },
  },
  {
    table: 'rxpat',
    remembers: ['PatNum'],
    row: (input) => {
      const { draw, practice } = input;
      return {
        PatNum: practice.link('patient', 'PatNum', draw),
        RxDate: enteredDate(input),
        Drug: practice.any('rxdef', draw)['Drug'] ?? '',
        Sig: 'take 1 tab q6h prn',
        Disp: String(draw.int(4, 40)),
        Refills: String(draw.int(0, 3)),
        Notes: draw.chance(0.2) ? inventedNote(draw, 1) : '',
        PharmacyNum: practice.link('pharmacy', 'PharmacyNum', draw),
        SendStatus: draw.int(0, 6),
        DaysOfSupply: draw.chance(0.5) ? null : draw.int(3, 30) + 0.5,
        PatientInstruction: draw.chance(0.3) ? inventedNote(draw, 2) : '',
      };
    },
  },
];
