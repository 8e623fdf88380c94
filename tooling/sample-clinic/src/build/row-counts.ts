import { CLINIC_PATIENTS, CLINIC_TABLES } from '../schema/clinic-tables.ts';

/** Comes with the installation: as large in a small practice as in a big one. */
const INSTALLED = new Set(
  'program programproperty rxdef recalltype recalltrigger sheetdef sheetfielddef usergroup tasklist'.split(' '),
);

/** Grows with the practice, more slowly than its patients. */
const STAFFED = new Set(
  `employee medication pharmacy pharmclinic procedurecode provider referral tasknote tasksubscription taskunread
   timeadjust userod usergroupattach userodapptview userodpref zipcode payplan treatplanparam`.split(/\s+/),
);

/** One or a few per patient. */
const REGISTERED = new Set(
  'patient patientnote patplan inssub insplan recall allergy fee feesched task taskhist procmultivisit'.split(' '),
);

/** Logs and a drug list that would be three quarters of all rows: kept at a share of their true proportion. */
const THINNED: ReadonlyMap<string, number> = new Map([
  ['securitylog', 0.3],
  ['securityloghash', 0.3],
  ['rxnorm', 0.1],
]);

/** Rows that a visit leaves: all the others, scaled so that the whole comes to the number asked for. */
const ROWS_PER_PATIENT = 130;

/**
 * Rows per table for a practice of that many patients, in the proportions of a real one.
 *
 * @param rowsTarget about how many rows there shall be in all; 130 per patient unless said.
 */
export function rowCounts(patients: number, rowsTarget = patients * ROWS_PER_PATIENT): ReadonlyMap<string, number> {
  const share = patients / CLINIC_PATIENTS;
  const counts = new Map<string, number>();
  const visits = new Map<string, number>();
  for (const { name, clinicRows } of CLINIC_TABLES) {
    if (name === 'patient' || name === 'patientnote') counts.set(name, patients);
    else if (INSTALLED.has(name)) counts.set(name, clinicRows);
    else if (STAFFED.has(name)) counts.set(name, atLeast(Math.min(6, clinicRows), clinicRows * Math.sqrt(share)));
    else if (REGISTERED.has(name)) counts.set(name, atLeast(6, clinicRows * share));
    else visits.set(name, clinicRows * share * (THINNED.get(name) ?? 1));
  }
  const left = rowsTarget - sum(counts.values());
  const scale = Math.max(0.05, left / sum(visits.values()));
  for (const [name, rows] of visits) counts.set(name, atLeast(20, rows * scale));
  counts.set('securityloghash', counts.get('securitylog') ?? 0);
  return counts;
}

function atLeast(fewest: number, rows: number): number {
  return Math.max(fewest, Math.round(rows));
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
