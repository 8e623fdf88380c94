import { expect, test } from 'vitest';
import { addressOf, urlOf } from './start-from-url.ts';

test('reads back what it writes', () => {
  const address = { host: '127.0.0.1', port: 13306, user: 'tide@mark', password: 'p:a/s?s#%' };
  expect(addressOf('URL', urlOf('mysql', address))).toEqual(address);
});

test.each([
  ['mysql://u:p@db/', 3306],
  ['mariadb://u:p@db', 3306],
  ['postgresql://u:p@db/postgres', 5432],
])('knows the default port of %s', (url, port) => {
  expect(addressOf('URL', url)).toEqual({ host: 'db', port, user: 'u', password: 'p' });
});

test.each(['secret', 'http://u:secret@db/'])('refuses %s without repeating it', (text) => {
  expect(() => addressOf('VARIABLE', text)).toThrow(/^VARIABLE is (?!.*secret)/);
});
