import { createConnection } from 'mysql2/promise';

/** The benchmark table: 20 columns as OpenDental has them (keys, dates, stamps, money in double, flags, text). */
export const WIDE_COLUMNS = `
  ProcNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, PatNum bigint NOT NULL, ProvNum bigint NOT NULL,
  CodeNum bigint NOT NULL, ClinicNum bigint NOT NULL, ProcDate date NOT NULL, DateTP date NOT NULL,
  AptDateTime datetime NOT NULL,
  DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  ProcFee double NOT NULL, Discount double NOT NULL, ProcStatus tinyint NOT NULL, IsLocked tinyint unsigned NOT NULL,
  UnitQty int NOT NULL, StatementNum smallint NOT NULL, Surf varchar(10), ToothNum varchar(2), BillingNote varchar(255),
  ClaimNote varchar(80), Note text, KEY (DateTStamp)`;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Creates `name` with so many rows, the same ones every time. MariaDB only: rows come from its sequence engine. */
export async function createWideTable(endpoint: Endpoint, name: string, rows: number): Promise<void> {
  const connection = await createConnection({ ...endpoint, multipleStatements: true });
  await connection.query(`SET SESSION sql_mode = '', time_zone = '+00:00'`);
  await connection.query(
    `DROP TABLE IF EXISTS ${name}; CREATE TABLE ${name} (${WIDE_COLUMNS}) ENGINE=MyISAM CHARSET=utf8mb3`,
  );
  await connection.query(
    `INSERT INTO ${name}
     SELECT seq, seq * 7919 % 35000, seq % 13, seq % 1700, seq % 4,
            '2020-01-01' + INTERVAL seq % 1500 DAY, '0001-01-01', '2021-01-01 08:00:00' + INTERVAL seq SECOND,
            '2022-01-01 08:00:00' + INTERVAL seq SECOND, seq * 1.1, seq * 0.01, seq % 7, seq % 2, seq, seq % 300,
            'MOD', seq % 32, IF(seq % 5 = 0, NULL, CONCAT('billing\\t', seq % 977)), CONCAT('claim ', seq),
            IF(seq % 3 = 0, '', CONCAT('note text ', MD5(seq)))
       FROM seq_1_to_${rows}`,
  );
  await connection.end();
}
