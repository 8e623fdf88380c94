import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { Pipeline } from '../pipeline.ts';

const PAGE = readFileSync(new URL('../../../../docs/rollout.md', import.meta.url), 'utf8');

/** The statements of docs/rollout.md under a label, as they stand there. */
export function statementsOf(label: string): string {
  const [, sql] = new RegExp(`\`\`\`sql ${label}\\n([^]*?)\`\`\``).exec(PAGE) ?? [];
  if (sql === undefined) throw new Error(`docs/rollout.md has no statements labelled ${label}`);
  return sql;
}

/** The statements with these names in place of those of the page, as it asks for. */
export function grantsOf(
  label: string,
  { source, replica, warehouse }: Pipeline,
  { user, password }: { readonly user: string; readonly password: string },
): string {
  return statementsOf(label)
    .replaceAll('`opendental_replication`', `\`${replica.endpoint.database}\``)
    .replaceAll('`opendental`', `\`${source.endpoint.database}\``)
    .replaceAll('opendental_analytics', warehouse.endpoint.database)
    .replaceAll("'…'", `'${password}'`)
    .replaceAll(/\btidemark\b/g, user);
}

/** Users with the rights that docs/rollout.md grants, and no others; they are dropped at disposal. */
export interface RolloutUsers extends AsyncDisposable {
  /** To be put over the pipeline's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function createRolloutUsers(pipeline: Pipeline): Promise<RolloutUsers> {
  const { source, replica, warehouse } = pipeline;
  const user = `rollout_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const grants = (label: string): string => grantsOf(label, pipeline, { user, password });
  await source.exec(grants('source'));
  await replica.exec(grants('replica'));
  await warehouse.exec(grants('warehouse'));
  const names = ['OPENDENTAL_SOURCE', 'MYSQL_REPLICATION', 'POSTGRES_ANALYTICS'];
  return {
    environment: Object.fromEntries(
      names.flatMap((name) => [
        [`${name}_USER`, user],
        [`${name}_PASSWORD`, password],
      ]),
    ),
    [Symbol.asyncDispose]: async () => {
      await source.exec(`DROP USER '${user}'@'%'`);
      await replica.exec(`DROP USER '${user}'@'%'`);
      await warehouse.exec(`REASSIGN OWNED BY ${user} TO CURRENT_USER; DROP OWNED BY ${user}; DROP ROLE ${user}`);
    },
  };
}
