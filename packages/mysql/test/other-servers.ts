import { testServers, type MysqlServer } from '@tidemark/testkit';
import { inject } from 'vitest';

export interface NamedServer {
  readonly name: 'MariaDB source' | 'MariaDB replica' | 'own MariaDB' | 'MySQL' | 'old MySQL';
  readonly server: MysqlServer;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** What `start-other-servers.ts` has started. */
    ownServers: readonly NamedServer[];
  }
}

/** Servers that nobody else uses, so that their settings may be changed: a MariaDB, a MySQL of today, an old MySQL. */
export function ownServers(): readonly NamedServer[] {
  return inject('ownServers');
}

/** One server of every kind there is: the two of every test run, a MySQL of today and an old one where they can be had. */
export function otherServers(): readonly NamedServer[] {
  const { source, replica } = testServers();
  return [
    { name: 'MariaDB source', server: source },
    { name: 'MariaDB replica', server: replica },
    ...ownServers().filter(({ name }) => name !== 'own MariaDB'),
  ];
}
