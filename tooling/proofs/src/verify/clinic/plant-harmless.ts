import { CLINIC_TABLES, type ClinicTable } from '@tidemark/sample-clinic';

import type { Clinic } from './clinic.ts';
import { anotherValue } from './column-values.ts';
import { keysOf } from './ground.ts';

/** Zeros of raw become negative zeros: another text, the same number. @returns how many */
export async function plantEqualLooking({ pipeline: { warehouse } }: Clinic): Promise<number> {
  let values = 0;
  for (const { name, columns } of CLINIC_TABLES) {
    for (const column of columns.filter(({ type }) => type === 'double' || type === 'float')) {
      const rows = await warehouse.query(
        `UPDATE raw."${name}" SET "${column.name}" = '-0' WHERE "${column.name}"::text = '0' RETURNING 1 AS one`,
      );
      values += rows.length;
    }
  }
  return values;
}

/** A new row in every table, and a change in those whose server stamps it: what the next run brings for certain. */
export async function plantPending({ pipeline: { source } }: Clinic): Promise<void> {
  for (const table of CLINIC_TABLES) {
    const keys = await keysOf(source, table);
    await source.exec(newRow(table, keys.at(-1) ?? '0'));
    const column = table.columns.find(({ name }) => name !== table.key && name !== table.stamp);
    if (table.stamp === undefined || column === undefined) continue;
    await source.exec(
      `UPDATE \`${table.name}\` SET \`${column.name}\` = ${anotherValue(column, 'mysql')} WHERE \`${table.key}\` = ${keys[0]}`,
    );
  }
}

/** The last row again, under the key that the server gives, where it gives one, and with the stamp of now. */
function newRow({ name, key, stamp, columns }: ClinicTable, last: string): string {
  const counts = columns.some((column) => column.name === key && column.autoIncrement === true);
  const others = columns.flatMap((column) =>
    column.name === key || column.name === stamp ? [] : [`\`${column.name}\``],
  );
  return `INSERT INTO \`${name}\` (${[`\`${key}\``, ...others].join(', ')})
          SELECT ${[counts ? 'NULL' : `${last} + 1`, ...others].join(', ')} FROM \`${name}\` WHERE \`${key}\` = ${last}`;
}
