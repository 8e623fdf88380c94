import type { TestDatabase } from '@tidemark/testkit';

/** A table of the practice: MyISAM, as OpenDental's are, with the stamp that its server keeps. */
export async function createVisits(source: TestDatabase, rows: number): Promise<void> {
  await source.exec(
    `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note mediumtext, Fee double NOT NULL DEFAULT 0,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp, KEY (DateTStamp))
     ENGINE=MyISAM`,
  );
  await addVisits(source, rows);
}

/** New visits with notes of about a kilobyte, which no compression makes small. */
export async function addVisits(source: TestDatabase, rows: number): Promise<void> {
  const values = Array.from({ length: rows }, () => `(REPEAT(SHA2(RAND(), 256), 16))`);
  for (let at = 0; at < rows; at += 500) {
    await source.exec(`INSERT INTO visit (Note) VALUES ${values.slice(at, at + 500).join(',')}`);
  }
}

/** A day at the practice: some visits change, some are new, one is deleted. */
export async function changeVisits(source: TestDatabase, every = 3): Promise<void> {
  await source.exec(
    `UPDATE visit SET Fee = Fee + 1, Note = REPEAT(SHA2(RAND(), 256), 16) WHERE VisitNum % ${every} = 0`,
  );
  await addVisits(source, 50);
}
