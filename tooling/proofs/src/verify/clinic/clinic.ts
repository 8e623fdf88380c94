import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseTables, tableSettings, toPlanSettings } from '@tidemark/config';
import { buildClinic, CLINIC_TABLES, dayAtTheClinic, tablesYml, type DayAccount } from '@tidemark/sample-clinic';
import { verifyTable, type DifferingRow, type Verification } from '@tidemark/verifier';
import { createConnection } from 'mysql2/promise';
import { expect } from 'vitest';

import { openCommand } from '../../command.ts';
import { openPipeline, type Pipeline } from '../../pipeline.ts';

const SEED = 11;

/** A table of `verify --json`. */
export type ReportedTable = Verification & { readonly repaired: number };

/** The sample clinic, and the real command before it. */
export interface Clinic extends AsyncDisposable {
  readonly pipeline: Pipeline;
  /** A table's deleted rows are marked in raw and not removed. */
  isFlagged(table: string): boolean;
  playDay(day: number): Promise<DayAccount>;
  /** Runs the command with `--json`; fails where it ends with another code. */
  tidemark(words: readonly string[], code?: number): Promise<unknown>;
  /** Lets the digests of all tables be due in every run, or once a day as usual. */
  digestsAreDue(areDue: boolean): void;
  verify(words: readonly string[], code: number): Promise<ReportedTable[]>;
  /** The rows that a comparison of the table names; no command prints them. */
  namedRows(table: string): Promise<readonly DifferingRow[]>;
}

export async function openClinic(size: { readonly patients: number; readonly rowsTarget?: number }): Promise<Clinic> {
  const pipeline = await openPipeline();
  const flagged = new Set(CLINIC_TABLES.filter((_, place) => place % 2 === 1).map(({ name }) => name));
  const withFlags = tablesYml({ patients: size.patients }).replaceAll(/^ {4}table_name: (\w+)$/gm, (line, name) =>
    flagged.has(String(name)) ? `${line}\n    deletes: flag` : line,
  );
  const command = openCommand(pipeline, withFlags);
  const source = await createConnection(pipeline.source.endpoint);
  await buildClinic(source, { seed: SEED, ...size });
  const file = parseTables(withFlags, 'tables.yml');
  const tidemark: Clinic['tidemark'] = async (words, wanted = 0) => {
    const { code, signal, stdout, stderr } = await command.run([...words, '--json', '--log-level', 'silent']);
    expect({ words, code, signal, stderr, stdout }).toMatchObject({ code: wanted, signal: null, stderr: '' });
    return JSON.parse(stdout);
  };
  return {
    pipeline,
    tidemark,
    isFlagged: (table) => flagged.has(table),
    playDay: (day) => dayAtTheClinic(source, { seed: SEED, day }),
    digestsAreDue: (areDue) =>
      writeFileSync(
        join(command.folder, 'tables.yml'),
        areDue ? `defaults: {digest_every: 0}\n${withFlags}` : withFlags,
      ),
    verify: async (words, code) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `verify --json` prints
      const report = (await tidemark(['verify', ...words, '--jobs', '8'], code)) as { tables: ReportedTable[] };
      return report.tables;
    },
    namedRows: async (table) => {
      const { primaryKey, deletes, timeColumnZone, ...settings } = tableSettings(file, table);
      const plan = toPlanSettings({ primaryKey, deletes, timeColumnZone, ...settings });
      const { rows } = await verifyTable(
        {
          source: pipeline.source.endpoint,
          replica: pipeline.replica.endpoint,
          copyTracking: pipeline.copyTracking,
          loadTracking: pipeline.loadTracking,
          pauseMs: 10,
        },
        { table, settings: { plan, primaryKey, deletes, timeColumnZone }, scope: { kind: 'full' } },
      );
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      command[Symbol.dispose]();
      await source.end();
      await pipeline[Symbol.asyncDispose]();
    },
  };
}
