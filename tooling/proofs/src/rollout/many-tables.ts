import type { Pipeline } from '../pipeline.ts';

/** Tables of one practice, with those that OpenDental leaves behind. */
export const TABLES = 446;
/** Of them: in tables.yml and not in the source. */
export const ABSENT = 3;
/** Of them: passing tables. */
export const PASSING = 10;
/** In the source, and of some meaning. */
export const SYNCED = TABLES - ABSENT - PASSING;
/** Of the synced: with incremental_columns. */
export const INCREMENTAL = 148;

function names(): { synced: string[]; absent: string[]; passing: string[] } {
  const synced = ['securitylog', ...Array.from({ length: SYNCED - 1 }, (_, index) => `table_${index + 1}`)];
  const absent = Array.from({ length: ABSENT }, (_, index) => `gone_${index + 1}`);
  const passing = Array.from({ length: PASSING }, (_, index) => `tempclaim_bak_${index + 1}`);
  return { synced, absent, passing };
}

export async function createManyTables({ source }: Pipeline): Promise<void> {
  const { synced, passing } = names();
  const ddl = [...synced, ...passing].map(
    (name) => `CREATE TABLE ${name} (id BIGINT NOT NULL PRIMARY KEY) ENGINE=MyISAM`,
  );
  await source.exec(ddl.join(';\n'));
}

/** In the format that the practice has. */
export function manyTablesYml(): string {
  const { synced, absent, passing } = names();
  const entry = (name: string, columns: string): string =>
    `  ${name}: {table_name: ${name}, extraction_strategy: incremental, incremental_columns: [${columns}]}`;
  return [
    'tables:',
    ...synced.map((name, index) => entry(name, index < INCREMENTAL ? 'id, DateTStamp' : '')),
    ...[...absent, ...passing].map((name) => entry(name, 'id')),
    '',
  ].join('\n');
}
