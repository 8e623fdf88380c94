import { onPoint, type DatabaseEndpoint } from '@tidemark/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { openCommand } from '../command.ts';
import { openPipeline, type Pipeline } from '../pipeline.ts';
import { expectRefused } from './expect-refused.ts';

import { openHops, type Hops } from './hops.ts';
import { mysqlUser, type LimitedUser } from './limited-users.ts';
import { mysqlSession } from './other-session.ts';
import { changeVisits, createVisits } from './visits.ts';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
  await createVisits(pipeline.source, 300);
  await pipeline.run('visit');
});

afterAll(() => pipeline[Symbol.asyncDispose]());

beforeEach(() => changeVisits(pipeline.source));

function hopsAs({ user, password }: LimitedUser): Promise<Hops> {
  return openHops(pipeline, { source: { user, password } });
}

function endpointAs({ user, password }: LimitedUser): DatabaseEndpoint {
  return { ...pipeline.source.endpoint, user, password };
}

async function endsEqual(hops: Pick<Hops, 'copy'>): Promise<void> {
  await hops.copy('visit');
  await pipeline.load('visit');
  await pipeline.expectEqual('visit');
}

test('rights revoked during the run: RIGHT_MISSING, not tried again', async () => {
  const visit = `\`${pipeline.source.endpoint.database}\`.visit`;
  await using user = await mysqlUser(pipeline.source, [`SELECT ON ${visit}`]);
  await using hops = await hopsAs(user);
  const refusal = { code: 'RIGHT_MISSING', side: 'source', hint: /tidemark doctor/, transient: false } as const;
  {
    const revoke = `REVOKE SELECT ON ${visit} FROM '${user.user}'@'%'`;
    using _ = onPoint('copy.run-recorded', 'visit', () => pipeline.source.exec(revoke));
    await expectRefused(pipeline, () => hops.copy('visit'), refusal);
  }
  await pipeline.source.exec(`GRANT SELECT ON ${visit} TO '${user.user}'@'%'`);
  await endsEqual(hops);
});

test('a statement that the server ends after max_statement_time: STATEMENT_TIMEOUT, not tried again', async ({
  skip,
}) => {
  const [server] = await pipeline.source.query<{ version: string }>('SELECT VERSION() AS version');
  skip(server?.version.includes('MariaDB') !== true, 'only MariaDB gives a user a statement time-out');
  const grant = `SELECT ON \`${pipeline.source.endpoint.database}\`.*`;
  await using user = await mysqlUser(pipeline.source, [grant], 'WITH MAX_STATEMENT_TIME 1');
  await using hops = await hopsAs(user);
  const refusal = {
    code: 'STATEMENT_TIMEOUT',
    side: 'source',
    hint: /time-out of this user/,
    transient: false,
  } as const;
  {
    await using other = await mysqlSession(pipeline.source.endpoint);
    using _ = onPoint('copy.run-recorded', 'visit', async () => {
      await other.query('LOCK TABLES visit WRITE');
    });
    await expectRefused(pipeline, () => hops.copy('visit'), refusal);
  }
  await endsEqual(hops);
});

test('no connection free: TOO_MANY_CONNECTIONS, and a command that cannot begin ends with 2', async () => {
  const grant = `SELECT ON \`${pipeline.source.endpoint.database}\`.*`;
  await using user = await mysqlUser(pipeline.source, [grant], 'WITH MAX_USER_CONNECTIONS 1');
  await using hops = await hopsAs(user);
  const refusal = { code: 'TOO_MANY_CONNECTIONS', side: 'source', hint: /--jobs/, transient: true } as const;
  {
    await using _other = await mysqlSession(endpointAs(user));
    await expectRefused(pipeline, () => hops.copy('visit'), refusal);
    using command = openCommand(hops, 'tables: {visit: {}}');
    const { code, stdout } = await command.run(['run', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'TOO_MANY_CONNECTIONS' } });
  }
  await endsEqual(hops);
});
