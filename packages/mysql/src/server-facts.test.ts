import { describe, expect, test } from 'vitest';

import { parseVersion, readServerFacts } from './server-facts.ts';

describe('a version', () => {
  test.each([
    ['10.11.19-MariaDB-0+deb12u1', 101_119],
    ['5.5.5-10.5.19-MariaDB-log', 100_519],
    ['5.6.24', 50_624],
    ['5.5.5', 50_505],
    ['9.7.4-2', 90_704],
    ['nonsense', 0],
  ])('%s is %d', (text, number) => {
    expect(parseVersion(text)).toBe(number);
  });
});

describe('facts', () => {
  test.each([
    ['11.8.2-MariaDB', 'mariadb'],
    ['8.0.36', 'mysql'],
    ['8.0.36-28 Percona Server', 'mysql'],
  ])('of %s say %s', async (version, flavor) => {
    expect(await readServerFacts({ query: () => Promise.resolve([{ version }]) })).toMatchObject({ flavor });
  });

  test.each([
    ['0', false],
    ['OFF', false],
    ['1', true],
    ['ON', true],
    ['NO_LOCK_NO_ADMIN', true],
  ])('of a server with read_only %s', async (read_only, readOnly) => {
    const facts = await readServerFacts({ query: () => Promise.resolve([{ version: '12.0.2-MariaDB', read_only }]) });
    expect(facts.readOnly).toBe(readOnly);
  });
});
