import { randomBytes } from 'node:crypto';

import type { TestDatabase } from '@tidemark/testkit';

/** An account of the test; it is dropped at disposal. */
export interface LimitedUser extends AsyncDisposable {
  readonly user: string;
  readonly password: string;
}

/** A user of a MySQL or MariaDB server. `options` stands behind the name: `WITH MAX_USER_CONNECTIONS 1`. */
export async function mysqlUser(database: TestDatabase, grants: readonly string[], options = ''): Promise<LimitedUser> {
  const { user, password } = newAccount();
  await database.exec(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}' ${options}`);
  for (const grant of grants) await database.exec(`GRANT ${grant} TO '${user}'@'%'`);
  return { user, password, [Symbol.asyncDispose]: () => database.exec(`DROP USER '${user}'@'%'`) };
}

/** A role of the warehouse that may do in `schema` what the load needs, and owns the table. */
export async function warehouseUser(database: TestDatabase, settings: readonly string[] = []): Promise<LimitedUser> {
  const { user, password } = newAccount();
  await database.exec(`
    CREATE ROLE ${user} LOGIN PASSWORD '${password}';
    GRANT USAGE, CREATE ON SCHEMA raw TO ${user};
    GRANT ALL ON ALL TABLES IN SCHEMA raw TO ${user};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA raw TO ${user}`);
  for (const setting of settings) await database.exec(`ALTER ROLE ${user} ${setting}`);
  return {
    user,
    password,
    [Symbol.asyncDispose]: () => database.exec(`DROP OWNED BY ${user}; DROP ROLE ${user}`),
  };
}

function newAccount(): { user: string; password: string } {
  return { user: `cut_${randomBytes(6).toString('hex')}`, password: randomBytes(12).toString('hex') };
}
