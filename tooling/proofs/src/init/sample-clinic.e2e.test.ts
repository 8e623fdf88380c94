import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseTables } from '@tidemark/config';
import { buildClinic, CLINIC_TABLES, dayAtTheClinic } from '@tidemark/sample-clinic';
import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';

import { openCommand } from '../command.ts';
import { openPipeline } from '../pipeline.ts';

const NAMES = CLINIC_TABLES.map(({ name }) => name);

it('writes a tables.yml for the 68 tables that brings every row, through a day at the clinic', async () => {
  await using pipeline = await openPipeline();
  const source = await createConnection(pipeline.source.endpoint);
  try {
    await buildClinic(source, { seed: 5, patients: 60 });
    using command = openCommand(pipeline, '');
    const path = join(command.folder, 'tables.yml');
    rmSync(path);
    const done = await command.run(['init', '--json']);
    expect({ code: done.code, stderr: done.stderr }).toEqual({ code: 0, stderr: '' });
    const { tables } = JSON.parse(done.stdout);
    expect(tables.map(({ table }: { table: string }) => table)).toEqual(NAMES.toSorted());

    const text = readFileSync(path, 'utf8');
    const file = parseTables(text, 'tables.yml');
    expect(file.warnings).toEqual([]);
    const stamped = CLINIC_TABLES.filter(({ stamp }) => stamp !== undefined);
    expect(stamped).toHaveLength(35);
    for (const { name, key, stamp } of CLINIC_TABLES) {
      const entry = file.tables.get(name);
      expect(entry?.primaryKey, name).toEqual([key]);
      expect(entry?.incrementalColumns, name).toEqual(stamp === undefined ? [] : [stamp]);
      // Where rows are few, reading them costs less than comparing them.
      expect(entry?.strategy, name).toMatch(stamp === undefined ? /^(full_table|digest)$/ : /^incremental$/);
    }
    expect(text).toContain("(written from a workstation's clock, and not by every change)");

    expect((await command.run(['migrate'])).code).toBe(0);
    expect((await command.run(['run', '--jobs', '4', '--quiet'])).code).toBe(0);
    // Deletes are found by digest, once a day unless somebody says otherwise.
    const byHand = text.replace(/^tables:/m, 'defaults:\n  digest_every: 0 # by hand\n$&');
    writeFileSync(path, byHand);
    await dayAtTheClinic(source, { seed: 5, day: 1 });
    expect((await command.run(['run', '--jobs', '4', '--quiet'])).code).toBe(0);
    await pipeline.expectEqual(...NAMES);
    const again = JSON.parse((await command.run(['init', '--json'])).stdout);
    expect(again).toMatchObject({ written: false, drift: [], advice: [] });
    expect(readFileSync(path, 'utf8')).toBe(byHand);
    const coverage = JSON.parse((await command.run(['metrics', '--json'])).stdout).coverage;
    expect(coverage.copy.incremental).toEqual({ total: 35, covered: 35, missing: [] });
    expect(coverage.load.synced).toEqual({ total: 68, covered: 68, missing: [] });
  } finally {
    await source.end();
  }
});
