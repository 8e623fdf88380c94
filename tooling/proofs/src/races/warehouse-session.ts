import type { TestDatabase } from '@tidemark/testkit';
import { Client } from 'pg';

/** Somebody else's connection to the warehouse: dbt, a dashboard. */
export async function warehouseSession({ endpoint }: TestDatabase): Promise<Client & AsyncDisposable> {
  const client = new Client(endpoint);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
