/** What a driver's connection sends statements by: mysql2 has both, pg has `query` alone. */
const SENDING = ['query', 'execute'] as const;

const counts = new WeakMap<object, number>();

/** Counts every statement that is sent over a new connection, whoever sends it. */
export function countStatements(connection: object): void {
  counts.set(connection, 0);
  for (const name of SENDING) {
    const send: unknown = Reflect.get(connection, name);
    if (typeof send !== 'function') continue;
    const counted = (...given: unknown[]): unknown => {
      counts.set(connection, statementsOf(connection) + 1);
      return Reflect.apply(send, connection, given);
    };
    Object.defineProperty(connection, name, { value: counted, configurable: true, writable: true });
  }
}

/** How many were sent so far. */
export function statementsOf(connection: object): number {
  return counts.get(connection) ?? 0;
}
