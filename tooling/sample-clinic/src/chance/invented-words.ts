import type { Draw } from './draw.ts';

const STARTS = [
  'Bel',
  'Cor',
  'Dan',
  'Fer',
  'Gal',
  'Hol',
  'Jor',
  'Kel',
  'Lun',
  'Mar',
  'Nor',
  'Pel',
  'Ros',
  'Tam',
  'Vel',
];
const MIDDLES = ['a', 'e', 'i', 'o', 'u', 'é', 'ö', 'an', 'el', 'in', 'or', 'ñe'];
const ENDS = [
  'bert',
  'dine',
  'fax',
  'gard',
  'kin',
  'lis',
  'mond',
  'nox',
  'ray',
  'son',
  'ton',
  'vik',
  'wen',
  'zel',
  '漢',
];

/** A name of no real person, put together from syllables. */
export function inventedName(draw: Draw): string {
  return draw.pick(STARTS) + draw.pick(MIDDLES) + draw.pick(ENDS);
}

/** A telephone number from the range kept for fiction. */
export function inventedPhone(draw: Draw): string {
  return `(555)555-01${String(draw.int(0, 99)).padStart(2, '0')}`;
}

/** An address under a domain that cannot exist. */
export function inventedEmail(draw: Draw): string {
  return `${inventedName(draw).toLowerCase()}${draw.int(1, 999)}@example.invalid`;
}

const SENTENCES = [
  'Left message with the front desk.',
  'Confirmed by text, asked to arrive early.',
  'Patient prefers mornings;\nafternoons only in July.',
  'Medical history reviewed, no changes.',
  'Local anaesthetic, 1.8 mL, tolerated well.',
  'Sensitivity on #14 to cold\tand biting.',
  'Discussed crown vs. onlay; will think about it.',
  'Estimate given: $1,240.50 less "courtesy".',
  'Referred to the specialist across the street.',
  'Payment plan explained to the guarantor.',
  "Mother's maiden name asked, not recorded.",
  'X-ray retaken (overlap at 4|5).',
  'Rescheduled twice; see C:\\Scans\\forms.',
  'Post-op instructions handed over.\r\nCall tomorrow.',
  'Prophylaxis, fluoride, OHI.',
  'Insurance asked for a narrative, 100% of UCR.',
];

/** Free text of some sentences, line breaks, tabs and backslashes included. */
export function inventedNote(draw: Draw, sentences: number): string {
  let text = draw.pick(SENTENCES);
  for (let count = 1; count < sentences; count += 1) text += ` ${draw.pick(SENTENCES)}`;
  return text;
}
