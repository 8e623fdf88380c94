import type { Asked } from '../pipeline.ts';

/** Seconds behind the watermark: short, so that what a run does not see of a busy table is not read again by chance. */
export const LOOKBACK_SECONDS = 3;

/** A table that several workstations write to at once. */
export interface BusyTable {
  readonly name: string;
  readonly engine: 'MyISAM' | 'InnoDB';
  readonly key: readonly string[];
  /** Whether every change of a row, deletions apart, moves a stamp. */
  readonly isStamped: boolean;
  readonly create: string;
  /** One row; `?` stands for a random integer, and for the key where it is not a counter. */
  readonly insert: string;
  /** Changes a row's content; the first `?` is a random integer. Followed by a condition. */
  readonly update: string;
  /** Moves a row to another key. The first `?` is a random integer. Followed by a condition. */
  readonly move: string;
  readonly asked: Asked;
}

const STAMP = 'DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp';

const lookbackSeconds = { '*': LOOKBACK_SECONDS };

export const BUSY_TABLES: readonly BusyTable[] = [
  {
    name: 'visit',
    engine: 'MyISAM',
    key: ['VisitNum'],
    isStamped: true,
    create: `VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, PatNum bigint NOT NULL, Note text, ${STAMP}`,
    insert: `INSERT INTO visit (PatNum, Note) VALUES (?, 'new')`,
    update: 'UPDATE visit SET PatNum = ?',
    move: 'UPDATE IGNORE visit SET VisitNum = VisitNum + 1 + ?',
    asked: { plan: { incrementalColumns: ['DateTStamp'], lookbackSeconds }, copy: { batchRows: 60 } },
  },
  {
    name: 'claim',
    engine: 'InnoDB',
    key: ['ClaimNum'],
    isStamped: true,
    create: `ClaimNum bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, Amount decimal(20,2) NULL,
      SecDateTEdit datetime NOT NULL, DateEntry date NOT NULL, KEY (SecDateTEdit)`,
    insert: 'INSERT INTO claim (Amount, SecDateTEdit, DateEntry) VALUES (? / 100, NOW(), CURDATE())',
    update: 'UPDATE claim SET Amount = ? / 100, SecDateTEdit = NOW()',
    move: 'UPDATE IGNORE claim SET ClaimNum = ClaimNum + 1 + ?, SecDateTEdit = NOW()',
    asked: { plan: { incrementalColumns: ['SecDateTEdit'], lookbackSeconds }, copy: { batchRows: 60 } },
  },
  {
    name: 'payment',
    engine: 'InnoDB',
    key: ['PayNum'],
    isStamped: true,
    create: `PayNum bigint NOT NULL PRIMARY KEY, PayAmt double NOT NULL, PayNote varchar(100), ${STAMP}`,
    insert: `INSERT IGNORE INTO payment (PayNum, PayAmt) VALUES (? * 4294967, 1.25)`,
    update: 'UPDATE payment SET PayAmt = ? / 7',
    move: 'UPDATE IGNORE payment SET PayNum = ? * 4294967',
    asked: { plan: { incrementalColumns: ['DateTStamp'], lookbackSeconds }, copy: { batchRows: 60 } },
  },
  {
    name: 'carrier',
    engine: 'InnoDB',
    key: ['Region', 'CarrierNum'],
    isStamped: false,
    create: `Region varchar(20) NOT NULL, CarrierNum int NOT NULL, Fee double NOT NULL, PRIMARY KEY (Region, CarrierNum)`,
    insert: `INSERT IGNORE INTO carrier VALUES ('north', ?, 1)`,
    update: 'UPDATE carrier SET Fee = ? / 3',
    move: `UPDATE IGNORE carrier SET Region = 'south', CarrierNum = ?`,
    asked: { plan: { strategy: 'digest', incrementalColumns: [] }, copy: { batchRows: 60 } },
  },
  {
    name: 'setting',
    engine: 'MyISAM',
    key: ['SettingName'],
    isStamped: false,
    create: 'SettingName varchar(50) NOT NULL PRIMARY KEY, SettingValue text',
    insert: `INSERT IGNORE INTO setting VALUES (CONCAT('setting ', ? % 500), 'new')`,
    update: 'UPDATE setting SET SettingValue = ?',
    move: `UPDATE IGNORE setting SET SettingName = CONCAT('moved ', ? % 500)`,
    asked: { plan: { strategy: 'full_table', incrementalColumns: [] }, copy: { batchRows: 60 } },
  },
];

/** The same settings for the command; whether every run also compares by digest is the caller's wish. */
export function busyTablesYml(digestEvery: 'never' | '0'): string {
  const entries = BUSY_TABLES.map(({ name, asked: { plan, copy } }) => {
    const strategy = plan?.strategy ?? 'incremental';
    const columns = (plan?.incrementalColumns ?? []).join(', ');
    const keys = [
      `extraction_strategy: ${strategy}`,
      `incremental_columns: [${columns}]`,
      `batch_size: ${copy?.batchRows}`,
    ];
    return `  ${name}: {${[...keys, `lookback: ${LOOKBACK_SECONDS}`].join(', ')}}`;
  });
  return `defaults: {digest_every: ${digestEvery}}\ntables:\n${entries.join('\n')}\n`;
}
