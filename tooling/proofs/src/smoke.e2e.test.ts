import { expect, test } from 'vitest';

import { openPipeline } from './pipeline.ts';

test('a row goes through both hops', async () => {
  await using pipeline = await openPipeline();
  await pipeline.source.exec(
    `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note text,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO visit (Note) VALUES ('first')`,
  );
  const { copy, load } = await pipeline.run('visit');
  expect([copy.counts.rowsInserted, load.counts.rowsInserted]).toEqual([1, 1]);
  await pipeline.expectEqual('visit');
});
