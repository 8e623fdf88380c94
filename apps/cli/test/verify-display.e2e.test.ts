import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

import { expect, it } from 'vitest';

import { openPractice, ROW_VALUE } from './testing/practice.ts';

/** util-linux's: gives a command a terminal. */
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

it.skipIf(!hasScript)('verify shows on a terminal what it is at', { timeout: 60_000 }, async () => {
  await using practice = await openPractice();
  await practice.run(['migrate']);
  await practice.run(['run']);
  // A row that differs is looked at again a second later: long enough to be drawn several times.
  await practice.warehouse.exec('DELETE FROM raw.recall WHERE "RecallNum" = 7');
  const show = async (...flags: string[]): Promise<string> => {
    const { code, stdout } = await practice.runInTerminal(['verify', ...flags]);
    const shown = stripVTControlCharacters(stdout);
    expect(code).toBe(3);
    expect(shown).not.toContain(ROW_VALUE);
    return shown;
  };
  const live = await show();
  expect(live).toContain('0 of 3 tables done · ');
  expect(live).toMatch(/^verify recall +full +20 (of about [\d,]+ )?rows/m);
  expect(live).toContain('3 tables, 2 equal, 1 differ');
  expect(live).toContain('2 of 3 tables done · ');
  expect(await show('--sample', '100%')).toMatch(/^verify recall +sample +20 rows/m);
  expect(await show('--quiet')).toBe('');
});
