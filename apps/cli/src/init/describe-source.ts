import { describeTables, type MysqlSession, type TableDescription } from '@tidemark/mysql';

/** Old servers open every table that they describe: so many at a time keep the statements short (P9). */
const AT_A_TIME = 20;

/** Describes tables of the source; one that vanished meanwhile is left out. */
export async function describeSource(session: MysqlSession, names: readonly string[]): Promise<TableDescription[]> {
  const described: TableDescription[] = [];
  for (let from = 0; from < names.length; from += AT_A_TIME) {
    described.push(...(await describeTables(session, names.slice(from, from + AT_A_TIME))));
  }
  return described;
}
