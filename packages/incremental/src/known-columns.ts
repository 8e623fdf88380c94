/** Why a column that holds times says nothing reliable about when its row changed. */
export type ColumnMeaning = 'entry' | 'named_like_entry' | 'business' | 'workstation' | 'status' | 'unknown';

/** What OpenDental's own code and documentation say of columns, by lower-case `table.column` or `column`. */
const KNOWN: ReadonlyMap<string, ColumnMeaning> = new Map([
  ...named('entry', 'SecDateEntry SecDateTEntry DateEntry DateTEntry DateTimeEntry DateEntryC EntryDateTime'),
  ...named('entry', 'DateTimeCreated DateTimeNote LogDateTime'),
  ...named('business', 'AptDateTime DateTimeArrived DateTimeSeated DateTimeDismissed DateTimeAskedToArrive'),
  ...named('business', 'AdjDate ProcDate PayDate DatePay DateCP DateTP DateService DateSent DateReceived SchedDate'),
  ...named('business', 'DateDue DateDueCalc DatePrevious DateScheduled DisableUntilDate Birthdate DateFirstVisit'),
  ...named('business', 'CommDateTime RefDate RxDate ExamDate PayPlanDate DateTask DateTL DateEffective DateTerm'),
  ...named('business', 'DateTimeDue DateTimeSheet RecurringChargeDate DateOriginalProsth'),
  ['claimproc.dateentry', 'status'],
  ['sheet.datetsheetedited', 'workstation'],
]);

function named(meaning: ColumnMeaning, names: string): [string, ColumnMeaning][] {
  return names.split(' ').map((name) => [name.toLowerCase(), meaning]);
}

/** By the name alone, where nothing is known: weak evidence, and worded so. */
const ENTRY_NAME = /entry|entered|created/i;

export const MEANING_TEXT: Readonly<Record<ColumnMeaning, string>> = {
  entry: 'set when the row is entered, does not move on an update',
  named_like_entry: 'by its name set when the row is entered',
  business: 'a date of the business, may be set into the past or the future',
  workstation: "written from a workstation's clock, and not by every change",
  status: 'set when a status changes, not by every change',
  unknown: 'filled by programs, and nothing says that every change moves it',
};

/** What a time column of a table means, as far as it is known. */
export function meaningOf(table: string, column: string): ColumnMeaning {
  const name = column.toLowerCase();
  const known = KNOWN.get(`${table.toLowerCase()}.${name}`) ?? KNOWN.get(name);
  return known ?? (ENTRY_NAME.test(column) ? 'named_like_entry' : 'unknown');
}
