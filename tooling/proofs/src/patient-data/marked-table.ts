import { CANARY } from '@tidemark/sample-clinic';

import { MARKED } from './canaries.ts';

/** Long past, so that it becomes the watermark, and no canary: stamps of the server are shown by `status` and `plan`. */
const STAMP = '2026-03-01 08:00:00';

export const ROWS = 3;

/** A table whose every value is a canary, of every type that a message could quote, three rows. */
export function markedTable(name: string): string {
  const rows = Array.from({ length: ROWS }, (_, index) => markedRow(index + 1));
  return `
    CREATE TABLE ${name} (
      Id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
      Account bigint, Code varchar(60), Note text, Amount decimal(20,4), Weight double NOT NULL, Born date, Seen datetime(6),
      Photo varbinary(60),
      DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp
    ) ENGINE = InnoDB DEFAULT CHARSET utf8mb4;
    INSERT INTO ${name} VALUES ${rows.join(', ')};`;
}

/** A new row, and the others changed: both hops have something to write. The code of the new row is the first one's. */
export function changedRows(name: string): string {
  return `
    UPDATE ${name} SET Note = CONCAT(Note, ' changed');
    INSERT INTO ${name} VALUES ${markedRow(ROWS + 1, '1')};`;
}

/** Rows by a text, without a stamp: compared by digest, and the differing ones read by lists of keys. */
export function textKeyTable(name: string, rows: number): string {
  return `
    CREATE TABLE ${name} (Code varchar(60) NOT NULL, Day date NOT NULL, Amount decimal(20,4), PRIMARY KEY (Code, Day))
      ENGINE = InnoDB DEFAULT CHARSET utf8mb4;
    INSERT INTO ${name} SELECT CONCAT('${CANARY.text} ', seq), '${MARKED.born}', ${MARKED.amount} FROM (${numbers(rows)}) n;`;
}

/** A key list cannot be kept apart from the rows where a table has none. */
export function keylessTable(name: string): string {
  return `CREATE TABLE ${name} (Note text) ENGINE = MyISAM; INSERT INTO ${name} VALUES ('${CANARY.text} keyless');`;
}

function markedRow(n: number, code = String(n)): string {
  return `(${CANARY.firstKey + n}, ${CANARY.firstKey}, '${CANARY.text} code ${code}', '${CANARY.text} note ${n}', ${MARKED.amount} + ${n},
    ${MARKED.weight}, '${MARKED.born}', '${MARKED.seen}', '${CANARY.text} photo', '${STAMP}')`;
}

/** `seq` from 0, up to 9,999. */
function numbers(count: number): string {
  const digit =
    '(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)';
  return `SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS seq FROM ${digit} a, ${digit} b, ${digit} c, ${digit} e HAVING seq < ${count}`;
}
