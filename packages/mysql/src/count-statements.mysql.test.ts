import { testServers } from '@tidemark/testkit';
import { expect, it } from 'vitest';

import { openRoom } from '../test/room.ts';

it('counts what the server counts, from the first statement on', async () => {
  await using room = await openRoom(testServers().source, { statementTimeoutSeconds: 9 });
  const { session } = room;
  await session.query('SELECT 1');
  await new Promise<void>((resolve) => session.connection.query('SELECT 2', () => resolve()));
  await new Promise<void>((resolve) => session.connection.execute('SELECT ?', ['3'], () => resolve()));
  const [status] = await session.query("SHOW SESSION STATUS LIKE 'Questions'");
  expect(session.statements()).toBe(Number(status?.['Value']));
  expect(session.statements()).toBeGreaterThan(5);
});
