import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { openCommand } from '../command.ts';
import { sharedPipeline } from '../losses/shared-pipeline.ts';
import { studyTable } from './studied-table.ts';

const { pipeline } = sharedPipeline();

// add-vanished.ts, was-copied.ts
test('a table that vanished fails the run and says what to do, with a tables.yml and without one', async () => {
  for (const name of ['stays', 'goes']) {
    await studyTable(pipeline(), { name, engine: 'MyISAM', column: 'int NOT NULL', value: String });
  }
  using command = openCommand(pipeline(), 'tables: {stays: {}, goes: {}, never_there: {}}');
  await pipeline().source.exec(`RENAME TABLE goes TO went; UPDATE stays SET X = 99 WHERE Num = 1`);

  for (const hasFile of [true, false]) {
    if (!hasFile) rmSync(join(command.folder, 'tables.yml'));
    const planned = await command.run(['plan', 'goes']);
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('TABLE_GONE') });
    const ran = await command.run(['run']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('copy failed: TABLE_GONE');
    expect(ran.stdout).toContain('--exclude goes');
  }
  await pipeline().expectEqual('stays', 'went');
  expect(await pipeline().warehouse.query('SELECT count(*)::int AS n FROM raw.goes')).toEqual([{ n: 12 }]);

  const excluded = await command.run(['run', '--exclude', 'goes']);
  expect(excluded).toMatchObject({ code: 0, stdout: expect.not.stringContaining('goes') });
});
