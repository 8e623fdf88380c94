import type { TestDatabase } from '@tidemark/testkit';

/**
 * The practice on the columns of an older release. The sample practice has those of 24.1; these are the differences that
 * are known of the 68 tables (docs/opendental.md).
 */
export const OLDER_RELEASE = `
  ALTER TABLE procedurelog MODIFY SecDateEntry date NOT NULL DEFAULT '0001-01-01';
  ALTER TABLE document MODIFY DegreesRotated smallint NOT NULL;
  ALTER TABLE sheetfield ADD COLUMN UserSigned bigint NOT NULL DEFAULT 7;
  ALTER TABLE appointment DROP COLUMN ItemOrderPlanned;
  UPDATE preference SET ValueString = '21.3.1.0' WHERE PrefName = 'DataBaseVersion'`;

/** What converts small tables: plain ALTERs, and updates that fill new columns and move every stamp of a table. */
export const SMALL_STEPS = `
  UPDATE preference SET ValueString = '24.3.10.0' WHERE PrefName = 'DataBaseVersion';
  ALTER TABLE patient MODIFY ChartNumber varchar(100) NOT NULL DEFAULT '';
  ALTER TABLE program MODIFY Path text NOT NULL, MODIFY CommandLine text NOT NULL, MODIFY Enabled tinyint unsigned NOT NULL;
  ALTER TABLE appointment ADD COLUMN ItemOrderPlanned int NOT NULL;
  UPDATE appointment SET ItemOrderPlanned = AptNum MOD 5 + 1;
  ALTER TABLE appointment ADD COLUMN IsMirrored tinyint NOT NULL;
  ALTER TABLE document MODIFY DegreesRotated float NOT NULL, ADD COLUMN ChartLetterStatus tinyint NOT NULL;
  ALTER TABLE sheetfield DROP COLUMN UserSigned;
  CREATE TABLE eroutingdef (ERoutingDefNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Description varchar(255) NOT NULL);
  INSERT INTO eroutingdef (Description) VALUES ('new in this release')`;

/** A big table that OpenDental's LargeTableHelper converts: set aside, made anew in its new form, its rows moved back. */
export interface MovedTable {
  readonly name: string;
  readonly key: string;
  readonly alter: string;
}

export const MOVED_TABLES: readonly MovedTable[] = [
  {
    name: 'procedurelog',
    key: 'ProcNum',
    alter: `MODIFY SecDateEntry datetime NOT NULL DEFAULT '0001-01-01 00:00:00'`,
  },
  { name: 'securitylog', key: 'SecurityLogNum', alter: 'MODIFY PermType smallint NOT NULL' },
];

const aside = (name: string): string => `tempConv_${name}5150`;

/** The table is there in its new form, without a row. */
export async function setAside(source: TestDatabase, { name, alter }: MovedTable): Promise<void> {
  await source.exec(
    `RENAME TABLE ${name} TO ${aside(name)}; CREATE TABLE ${name} LIKE ${aside(name)}; ALTER TABLE ${name} ${alter}`,
  );
}

/** Rows come back with the stamps they had: the second half first, as by a key that is not in their order. */
export async function moveBack(
  source: TestDatabase,
  { name, key }: MovedTable,
  half: 'first' | 'second',
): Promise<void> {
  const [row] = await source.query<{ middle: number }>(`SELECT AVG(${key}) AS middle FROM ${aside(name)}`);
  const sign = half === 'first' ? '<=' : '>';
  await source.exec(`REPLACE INTO ${name} SELECT * FROM ${aside(name)} WHERE ${key} ${sign} ${Number(row?.middle)}`);
}

export async function dropAside(source: TestDatabase, { name }: MovedTable): Promise<void> {
  await source.exec(`DROP TABLE ${aside(name)}`);
}
