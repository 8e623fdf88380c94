import type { Connection } from 'mysql2';

const counts = new WeakMap<Connection, number>();

/** Counts every statement that is sent over a new connection, whoever sends it. */
export function countStatements(connection: Connection): void {
  counts.set(connection, 0);
  for (const name of ['query', 'execute'] as const) {
    const send: CallableFunction = connection[name];
    const counted = (...given: unknown[]): unknown => {
      counts.set(connection, statementsOf(connection) + 1);
      return Reflect.apply(send, connection, given);
    };
    Object.defineProperty(connection, name, { value: counted });
  }
}

/** How many were sent so far; 0 for a connection that nobody counts at. */
export function statementsOf(connection: Connection): number {
  return counts.get(connection) ?? 0;
}
