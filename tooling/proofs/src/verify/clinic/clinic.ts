import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseTables, tableSettings, toPlanSettings } from '@tidemark/config';
import { buildClinic, CLINIC_TABLES, dayAtTheClinic, tablesYml, type DayAccount } from '@tidemark/sample-clinic';
import { verifyTable, type DifferingRow, type Verification } from '@tidemark/verifier';
import { createConnection } from 'mysql2/promise';
import { expect } from 'vitest';

import { openCommand, type CommandEnd } from '../../command.ts';
import { openPipeline, type Pipeline } from '../../pipeline.ts';

const SEED = 11;

/** Tables whose deleted rows are marked in raw and not removed: every second one. */
export const FLAGGED: readonly string[] = CLINIC_TABLES.filter((_, place) => place % 2 === 1).map(({ name }) => name);

/** A table of `verify --json`. */
export type ReportedTable = Verification & { readonly repaired: number };

/** The sample clinic, and the real command before it. */
export interface Clinic extends AsyncDisposable {
  readonly pipeline: Pipeline;
  playDay(day: number): Promise<DayAccount>;
  /** Runs the command, which must succeed. */
  tidemark(...words: readonly string[]): Promise<void>;
  /** Lets the digests of all tables be due in every run, or once a day as usual. */
  digestsAreDue(areDue: boolean): void;
  /** What `verify` says of all tables; fails where it ends with another code. */
  verify(code: number, ...flags: readonly string[]): Promise<ReportedTable[]>;
  /** The rows that a comparison of the table names; no command prints them. */
  namedRows(table: string): Promise<readonly DifferingRow[]>;
}

export async function openClinic(size: { readonly patients: number; readonly rowsTarget?: number }): Promise<Clinic> {
  const pipeline = await openPipeline();
  const withFlags = tablesYml({ patients: size.patients }).replaceAll(/^ {4}table_name: (\w+)$/gm, (line, name) =>
    FLAGGED.includes(String(name)) ? `${line}\n    deletes: flag` : line,
  );
  const command = openCommand(pipeline, withFlags);
  const source = await createConnection(pipeline.source.endpoint);
  await buildClinic(source, { seed: SEED, ...size });
  const file = parseTables(withFlags, 'tables.yml');
  const asJson = (words: readonly string[]): Promise<CommandEnd> =>
    command.run([...words, '--json', '--log-level', 'silent']);
  return {
    pipeline,
    tidemark: async (...words) => {
      const { code, signal, stderr, stdout } = await asJson(words);
      expect({ words, code, signal, stderr, stdout }).toMatchObject({ code: 0, signal: null, stderr: '' });
    },
    playDay: (day) => dayAtTheClinic(source, { seed: SEED, day }),
    digestsAreDue: (areDue) =>
      writeFileSync(
        join(command.folder, 'tables.yml'),
        areDue ? `defaults: {digest_every: 0}\n${withFlags}` : withFlags,
      ),
    verify: async (wanted, ...flags) => {
      const { code, stdout, stderr } = await asJson(['verify', ...flags, '--jobs', '8']);
      expect(stderr).toBe('');
      const report: { readonly tables: ReportedTable[] } = JSON.parse(stdout);
      const differing = report.tables.filter(({ verdict }) => verdict !== 'match');
      expect({ code, differing }).toEqual({ code: wanted, differing: wanted === 0 ? [] : differing });
      return report.tables;
    },
    namedRows: async (table) => {
      const settings = tableSettings(file, table);
      const { rows } = await verifyTable(
        {
          source: pipeline.source.endpoint,
          replica: pipeline.replica.endpoint,
          copyTracking: pipeline.copyTracking,
          loadTracking: pipeline.loadTracking,
          pauseMs: 10,
        },
        { table, settings: { ...settings, plan: toPlanSettings(settings) }, scope: { kind: 'full' } },
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
