import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { armPoint, onPoint, tracePoints } from '@tidemark/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openCommand, type Command } from '../command.ts';
import { untilNextSecond } from '../losses/second-session.ts';
import { openPipeline, type Asked, type Pipeline } from '../pipeline.ts';

const CHUNK = 25;
const CHUNKS = 8;
const ROWS = CHUNK * CHUNKS;
/** Of a copy that does not end. */
const CHUNKS_DONE = 3;
const ASKED: Asked = { plan: { incrementalColumns: ['DateTStamp'] }, copy: { batchRows: CHUNK } };

let pipeline: Pipeline;

beforeEach(async () => {
  pipeline = await openPipeline();
  const rows = Array.from({ length: ROWS }, (_, n) => `('visit ${n}', '2026-03-01 08:00:00')`);
  await pipeline.source.exec(
    `CREATE TABLE visit (VisitNum bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, Note text,
       DateTStamp timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp) ENGINE=MyISAM;
     INSERT INTO visit (Note, DateTStamp) VALUES ${rows.join(', ')}`,
  );
});

afterEach(async () => {
  await pipeline[Symbol.asyncDispose]();
});

/** Rows up to the resume point. */
async function resumesAfter(): Promise<number> {
  const { copy } = await pipeline.states('visit');
  const point: { readonly rows?: number } = JSON.parse(copy?.resume ?? '{}');
  return point.rows ?? 0;
}

// Guards the resume point in `commitChunk` (tracking) and `whereToBegin` (replicator/src/copy-first.ts).
describe('a first copy that is killed', () => {
  let command: Command;
  let trace: string;

  beforeEach(() => {
    command = openCommand(pipeline, `tables: {visit: {incremental_columns: [DateTStamp], batch_size: ${CHUNK}}}`);
    trace = join(command.folder, 'trace');
  });

  afterEach(() => {
    command[Symbol.dispose]();
  });

  const chunksRead = (): number => readFileSync(trace, 'utf8').split('copy.chunk-staged visit\n').length - 1;

  test('again and again, at each of its chunks, reads none of them more than twice', async () => {
    const traced = tracePoints(trace);
    // Each process commits one chunk, reads the next one and is killed before it is committed.
    for (let done = 1; done < CHUNKS; done += 1) {
      const armed = armPoint({ point: 'copy.before-chunk-commit', table: 'visit', action: 'kill', nth: 2 });
      const { signal, stderr } = await command.run(['copy', '--json'], { ...traced, ...armed });
      expect(signal, stderr).toBe('SIGKILL');
      expect(await resumesAfter()).toBe(done * CHUNK);
      expect(chunksRead()).toBe(2 * done);
    }
    const { code, stdout, stderr } = await command.run(['run', '--json'], traced);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).tables[0]).toMatchObject({ hop: 'copy', rowsRead: CHUNK });
    await pipeline.expectEqual('visit');
  });

  test('after a chunk was committed reads nothing again', async () => {
    for (let done = 1; done < CHUNKS; done += 1) {
      const armed = armPoint({ point: 'copy.after-chunk-commit', table: 'visit', action: 'kill' });
      expect((await command.run(['copy', '--json'], { ...tracePoints(trace), ...armed })).signal).toBe('SIGKILL');
      expect(await resumesAfter()).toBe(done * CHUNK);
      expect(chunksRead()).toBe(done);
    }
    expect((await pipeline.copy('visit', ASKED)).counts).toMatchObject({ rowsRead: CHUNK, rowsInserted: CHUNK });
  });
});

describe('a first copy that did not end', () => {
  beforeEach(stopAfterSomeChunks);

  // The clock of the very first chunk caps the watermark (`snapshot` of the resume point, in `writeChunk` and
  // `success`), though a row is read afterwards that is younger than the one behind it. No lookback makes up for it.
  test('misses no row that changed behind it', async () => {
    const asked: Asked = { ...ASKED, plan: { ...ASKED.plan, lookbackSeconds: { DateTStamp: 0 } } };
    await untilNextSecond(pipeline.source);
    await pipeline.source.exec(`UPDATE visit SET Note = 'changed behind it' WHERE VisitNum IN (1, ${CHUNK})`);
    await untilNextSecond(pipeline.source);
    await pipeline.source.exec(`INSERT INTO visit (Note) VALUES ('younger')`);
    await untilNextSecond(pipeline.source);
    expect((await pipeline.copy('visit', asked)).counts.rowsRead).toBe(ROWS + 1 - CHUNKS_DONE * CHUNK);
    await pipeline.run('visit', asked);
    await pipeline.expectEqual('visit');
  });

  // The rest guards the four lines of `whereToBegin` in replicator/src/copy-first.ts.
  test('begins anew where the replica table was emptied behind our back', async () => {
    await pipeline.replica.exec('TRUNCATE TABLE visit');
    const { copy } = await pipeline.run('visit', ASKED);
    expect(copy.counts.rowsRead).toBe(ROWS);
    await pipeline.expectEqual('visit');
  });

  test('begins anew where the replica table was dropped behind our back', async () => {
    await pipeline.replica.exec('DROP TABLE visit');
    const { copy } = await pipeline.run('visit', ASKED);
    expect(copy.counts.rowsRead).toBe(ROWS);
    await pipeline.expectEqual('visit');
  });

  test('begins anew, and empty, where the columns of the source changed', async () => {
    await pipeline.source.exec('ALTER TABLE visit ADD COLUMN Room int; DELETE FROM visit WHERE VisitNum = 1');
    const { copy } = await pipeline.run('visit', ASKED);
    expect(copy.counts.rowsRead).toBe(ROWS - 1);
    await pipeline.expectEqual('visit');
  });

  test('begins anew, and empty, with --full-refresh', async () => {
    await pipeline.source.exec('DELETE FROM visit WHERE VisitNum = 1');
    const { copy } = await pipeline.run('visit', { ...ASKED, fullRefresh: true });
    expect(copy.counts.rowsRead).toBe(ROWS - 1);
    await pipeline.expectEqual('visit');
  });

  test('is no table to be loaded', async () => {
    const { status, reason } = await pipeline.load('visit', ASKED);
    expect({ status, reason }).toMatchObject({ status: 'skipped', reason: expect.stringContaining('Not copied yet') });
  });
});

async function stopAfterSomeChunks(): Promise<void> {
  let chunks = 0;
  using _fault = onPoint('copy.after-chunk-commit', 'visit', () => {
    chunks += 1;
    if (chunks === CHUNKS_DONE) throw new Error('Here it ends.');
  });
  await expect(pipeline.copy('visit', ASKED)).rejects.toThrow('unexpected');
  expect(await resumesAfter()).toBe(CHUNKS_DONE * CHUNK);
}
