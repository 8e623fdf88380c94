import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest';
import type { Rung, StartedServer } from '../server.ts';
import { climb, type RungAttempt } from './climb.ts';
import { RungUnavailable } from './rung-unavailable.ts';

const address = { host: '127.0.0.1', port: 1, user: 'u', password: 'p' };
let said: MockInstance<typeof process.stderr.write>;

beforeEach(() => {
  vi.stubEnv('TIDEMARK_SERVERS', undefined);
  said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function works(rung: Rung): RungAttempt {
  const server: StartedServer = {
    address,
    description: `server of ${rung}`,
    stop: async () => {},
    kill: async () => {},
    restart: async () => {},
  };
  return { rung, start: async () => server };
}

function fails(rung: Rung, error: Error): RungAttempt {
  return {
    rung,
    start: async () => {
      throw error;
    },
  };
}

test('takes the first rung that works and says why the earlier ones were not taken', async () => {
  const server = await climb('source', [
    fails('url', new RungUnavailable('not set')),
    fails('container', new Error('the first line\nthe log')),
    works('local'),
    works('apt'),
  ]);
  expect(server).toMatchObject({ ...address, rung: 'local' });
  expect(server.chosen).toBe('source: local, server of local (not url: not set; not container: the first line)');
  expect(said.mock.calls).toEqual([[`${server.chosen}\n`]]);
});

test('takes the forced rung only', async () => {
  vi.stubEnv('TIDEMARK_SERVERS', 'apt');
  const server = await climb('source', [fails('url', new RungUnavailable('not set')), works('local'), works('apt')]);
  expect(server.rung).toBe('apt');
});

test('lets a URL win over the forced rung, because it names the very server', async () => {
  vi.stubEnv('TIDEMARK_SERVERS', 'local');
  expect((await climb('source', [works('url'), works('local')])).rung).toBe('url');
});

test('fails with everything that went wrong when no rung works', async () => {
  await expect(
    climb('source', [
      fails('url', new RungUnavailable('not set')),
      fails('container', new Error('the first line\nthe log')),
    ]),
  ).rejects.toThrow(/No server for source\.\nnot set\nError: the first line\nthe log/);
});

test('refuses to force an unknown rung', async () => {
  vi.stubEnv('TIDEMARK_SERVERS', 'cloud');
  await expect(climb('source', [works('local')])).rejects.toThrow(
    'TIDEMARK_SERVERS is none of url, container, local, apt, download.',
  );
});
