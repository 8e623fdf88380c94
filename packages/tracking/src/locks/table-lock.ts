import type { QueryRunner } from 'typeorm';

/** A lock that one database session holds on a table in a hop, and that ends with the session. */
export interface TableLock {
  /** Whether it was had; waits for at most so many seconds. */
  take(runner: QueryRunner, table: string, waitSeconds: number): Promise<boolean>;
  give(runner: QueryRunner, table: string): Promise<void>;
  /** Id of the server-side session that holds it; null when nobody does any more. */
  holder(runner: QueryRunner, table: string): Promise<string | null>;
  /** Id of the runner's own server-side session. */
  ownId(runner: QueryRunner): Promise<string>;
  /** Ends the session of that id, which must be one of the same user; what it had not committed is undone. */
  endHolder(runner: QueryRunner, id: string): Promise<void>;
}
