import { compareDatabases, type ComparisonInput } from '@tidemark/testkit';

/** Compares all tables by plain reading and prints what it found. @returns whether all are equal */
export async function showComparison(input: ComparisonInput): Promise<boolean> {
  const began = performance.now();
  const tables = await compareDatabases(input);
  const different = tables.filter((table) => !table.equal);
  const rows = tables.reduce((sum, table) => sum + table.sourceRows, 0);
  for (const { table, sourceRows, replica, warehouse } of different) {
    console.log(
      `  ${table}: ${sourceRows} rows in the source; replica lacks ${replica.missing}, has ${replica.extra} too many; ` +
        `warehouse lacks ${warehouse.missing}, has ${warehouse.extra} too many`,
    );
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `\n  ${tables.length - different.length} of ${tables.length} tables equal in all three databases ` +
      `(${rows.toLocaleString('en-US')} rows, every value compared, ${seconds} s)`,
  );
  return different.length === 0;
}
