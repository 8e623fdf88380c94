import { setTimeout as sleep } from 'node:timers/promises';

import { tcpProxy, testServers } from '@tidemark/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createNumbers } from '../test/numbers-table.ts';
import { openRoom, type Room } from '../test/room.ts';
import { describeTables } from './describe-tables.ts';
import { openMysqlSession, type MysqlSession } from './open-session.ts';
import { streamEncodedRows, type EncodedRows } from './stream-encoded-rows.ts';
import type { ColumnDescription } from './types.ts';

const ROWS = 40_000;
const NOTE_BYTES = 1_000;
/** What mysql2 and the socket may hold besides the stream's own buffer. */
const SLACK_BYTES = 2 * 1024 * 1024;

let room: Room;
let columns: readonly ColumnDescription[];

beforeAll(async () => {
  room = await openRoom(testServers().source);
  await createNumbers(room.database, ROWS, NOTE_BYTES);
  const [table] = await describeTables(room.session, ['numbers']);
  columns = table?.columns ?? [];
});
afterAll(() => room[Symbol.asyncDispose]());

function streamNumbers(session: MysqlSession, sql = 'SELECT id, note FROM numbers'): EncodedRows {
  return streamEncodedRows(session, { sql }, { columns, target: 'copy' });
}

function openAnother(): Promise<MysqlSession> {
  return openMysqlSession(room.database.endpoint, { where: 'source' });
}

async function idsOf(rows: EncodedRows): Promise<number[]> {
  const pieces: readonly Buffer[] = await rows.stream.toArray();
  return Buffer.concat(pieces)
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => Number(line.split('\t', 1)[0]));
}

async function failureOf(rows: EncodedRows): Promise<unknown> {
  try {
    for await (const chunk of rows.stream) void chunk;
  } catch (error) {
    return error;
  }
  return undefined;
}

async function untilGone(threadId: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const rows = await room.session.query('SELECT id FROM information_schema.processlist WHERE id = ?', [threadId]);
    if (rows.length === 0) return;
    await sleep(50);
  }
  throw new Error('The connection is still there.');
}

async function threadIdOf(session: MysqlSession): Promise<string> {
  const [row] = await session.query('SELECT CONNECTION_ID() AS id');
  return row?.['id'] ?? '';
}

describe('a result', () => {
  test('arrives whole, and the session goes on', async () => {
    const rows = streamNumbers(room.session);
    const ids = await idsOf(rows);
    expect(new Set(ids).size).toBe(ROWS);
    expect(rows.encoder.rows).toBe(ROWS);
    expect(rows.encoder.bytes).toBeGreaterThan(ROWS * NOTE_BYTES);
    expect(await room.session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  });

  test('may be empty', async () => {
    expect(await idsOf(streamNumbers(room.session, 'SELECT id, note FROM numbers WHERE id < 0'))).toEqual([]);
  });

  test('waits for a slow consumer in flat memory', async () => {
    const rows = streamNumbers(room.session);
    let received = 0;
    let count = 0;
    let mostAhead = 0;
    for await (const chunk of rows.stream as AsyncIterable<Buffer>) {
      if (count % 20 === 0) await sleep(20);
      received += chunk.length;
      count += 1;
      mostAhead = Math.max(mostAhead, rows.encoder.bytes - received);
    }
    expect(received).toBe(rows.encoder.bytes);
    expect(rows.encoder.rows).toBe(ROWS);
    expect(mostAhead).toBeLessThan(4 * 1024 * 1024 + SLACK_BYTES);
  });

  test('leaves the session usable when its last piece found the buffer full', async () => {
    const rows = streamEncodedRows(
      room.session,
      { sql: 'SELECT id, note FROM numbers WHERE id <= 4500' },
      { columns, target: 'copy', pieceBytes: 10 * 1024 * 1024 },
    );
    rows.stream.read(0);
    while (rows.encoder.bytes === 0) await sleep(10);
    await sleep(100);
    expect(await idsOf(rows)).toHaveLength(4500);
    expect(await room.session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
  });
});

describe('a consumer that stops early', () => {
  test.each(['while rows arrive', 'while the connection is paused'])('ends the connection %s', async (when) => {
    const session = await openAnother();
    const threadId = await threadIdOf(session);
    const rows = streamNumbers(session);
    if (when === 'while rows arrive') {
      for await (const chunk of rows.stream) {
        void chunk;
        break;
      }
    } else {
      rows.stream.read(0);
      while (rows.encoder.bytes < 4 * 1024 * 1024) await sleep(10);
      await sleep(200);
      rows.stream.destroy();
    }
    expect(rows.encoder.rows).toBeLessThan(ROWS);
    await untilGone(threadId);
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await session.close();
  });

  test('rejects a statement that was waiting behind the rows', async () => {
    const session = await openAnother();
    const rows = streamNumbers(session);
    const waiting = session.query('SELECT 1');
    rows.stream.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('an error', () => {
  test('before the first row is classified, and the session goes on', async () => {
    const session = await openAnother();
    expect(await failureOf(streamNumbers(session, 'SELECT id, note FROM vanished'))).toMatchObject({
      name: 'TidemarkError',
      code: 'TABLE_CHANGED_DURING_RUN',
    });
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    await session.close();
  });

  test('that comes before anybody reads the rows waits for who does', async () => {
    const session = await openAnother();
    const rows = streamNumbers(session, 'SELECT id, note FROM vanished');
    while (!rows.stream.destroyed) await sleep(10);
    await sleep(50);
    expect(await failureOf(rows)).toMatchObject({ name: 'TidemarkError', code: 'TABLE_CHANGED_DURING_RUN' });
    await session.close();
  });

  test.each([
    ['KILL QUERY', 'STATEMENT_TIMEOUT'],
    ['KILL', 'CONNECTION_LOST'],
  ])('%s in the middle of the rows surfaces', async (kill, code) => {
    const session = await openAnother();
    const threadId = await threadIdOf(session);
    // The server works on for a long time after its first rows.
    const rows = streamNumbers(session, 'SELECT id, note FROM numbers WHERE id < 20000 OR SLEEP(1) = 0');
    const failed = failureOf(rows);
    while (rows.encoder.rows < 1000) await sleep(10);
    await room.session.execute(`${kill} ${threadId}`);
    expect(await failed).toMatchObject({ name: 'TidemarkError', code });
    await session.close();
  });

  test.each(['taken', 'held up'])('a network that breaks while rows are %s surfaces', async (how) => {
    await using proxy = await tcpProxy(room.database.endpoint);
    const { host, port } = proxy;
    const session = await openMysqlSession({ ...room.database.endpoint, host, port }, { where: 'source' });
    const rows = streamNumbers(session);
    if (how === 'taken') proxy.cutAfter(3_000_000);
    else {
      rows.stream.read(0);
      while (rows.encoder.bytes < 4 * 1024 * 1024) await sleep(10);
      proxy.cut();
      await sleep(50);
    }
    expect(await failureOf(rows)).toMatchObject({ name: 'TidemarkError', code: 'CONNECTION_LOST' });
    await session.close();
  });

  test('a session that is closed already surfaces', async () => {
    const session = await openAnother();
    await session.close();
    expect(await failureOf(streamNumbers(session))).toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('an observer that throws surfaces, without what it said', async () => {
    const session = await openAnother();
    const observe = new Map([
      [
        0,
        (value: string | null) => {
          if (value === '100') throw new Error('secret');
        },
      ],
    ]);
    const rows = streamEncodedRows(
      session,
      { sql: 'SELECT id, note FROM numbers' },
      { columns, target: 'copy', observe },
    );
    const failure = await failureOf(rows);
    expect(failure).toMatchObject({ name: 'TidemarkError', code: 'INTERNAL' });
    expect(String(failure)).not.toContain('secret');
    await session.close();
  });
});
