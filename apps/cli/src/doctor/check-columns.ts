import type { TableAdvice } from '../init/init-report.ts';
import { plural } from '@tidemark/command-line/render';
import { someOf } from './check-source.ts';
import { findingsOf, type Finding } from './finding.ts';

const find = findingsOf('columns');

/** These lose updates until a digest finds them; the others cost time. */
const LOSES_UPDATES: ReadonlySet<TableAdvice['code']> = new Set([
  'changes_without_stamp',
  'no_trustworthy_column',
  'stamp_not_used',
]);

/** What the columns that tables are read by were seen, or are known, to be. */
export function checkColumns(advice: readonly TableAdvice[], evidence: string): Finding[] {
  if (advice.length === 0) return [find.ok('columns', `the columns that tables are read by are sound; ${evidence}`)];
  return [...Map.groupBy(advice, ({ code }) => code)].map(([code, group]) => {
    const tables = [...new Set(group.map(({ table }) => table))];
    const shown = group.slice(0, SHOWN).map(({ table, text }) => `\n  ${table}: ${text}`);
    const message = `${HEAD[code]} in ${plural(tables.length, 'table')}: ${someOf(tables)}${shown.join('')}`;
    const mend = `tidemark init --dry-run shows what to change; tidemark init --update ${tables.slice(0, SHOWN).join(' ')} changes it.`;
    return LOSES_UPDATES.has(code) ? find.warning(code, message, mend) : find.info(code, message, mend);
  });
}

const SHOWN = 5;

const HEAD: Readonly<Record<TableAdvice['code'], string>> = {
  changes_without_stamp: 'rows change and no stamp moves',
  no_trustworthy_column: 'no column moves with every change',
  business_date: 'business dates are read as stamps',
  never_moves: 'times of entry are read as stamps',
  stamp_not_used: "the server's own stamp is not used",
  grown: 'a big table is read whole in every run',
};
