import { setTimeout as sleep } from 'node:timers/promises';

import { onPoint } from '@tidemark/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { verifyTables } from '../src/verify/verify-tables.ts';
import { openSetup } from './testing/open-setup.ts';
import { openPractice, TABLES, type Practice } from './testing/practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
});
afterAll(() => practice[Symbol.asyncDispose]());

it('a row that was repaired, and that the clinic changes again and again since, is in motion and no difference', async () => {
  const setup = await openSetup(practice, TABLES);
  await practice.warehouse.exec(`UPDATE raw.program SET "ProgName" = 'other' WHERE "ProgramNum" = 3`);
  const stop = new AbortController();
  let written = Promise.resolve();
  using _repaired = onPoint('load.after-commit', 'program', () => {
    written = (async () => {
      for (let turn = 0; !stop.signal.aborted; turn += 1) {
        await practice.source.exec(`UPDATE program SET ProgName = 'edited ${turn}' WHERE ProgramNum = 3`);
        await sleep(2);
      }
    })();
  });
  const { report, exitCode } = await verifyTables(setup, {
    terms: { select: ['program'], exclude: [] },
    scope: { kind: 'full' },
    repair: { dryRun: false, allowDeletes: false },
    ignoreWindow: false,
  });
  stop.abort();
  await written;
  expect(report.tables).toMatchObject([{ table: 'program', verdict: 'match', different: 1, repaired: 0, inMotion: 1 }]);
  expect(exitCode).toBe(0);
});
