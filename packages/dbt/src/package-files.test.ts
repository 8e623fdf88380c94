import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { CLINIC_TABLES } from '@tidemark/sample-clinic';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

/** A YAML file of the package. */
function read(path: string): unknown {
  return parse(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8'));
}

it('declares every table of the practice as a source', () => {
  const tables = CLINIC_TABLES.map(({ name }) => ({ name })).toSorted((a, b) => a.name.localeCompare(b.name));
  expect(read('models/opendental.yml')).toMatchObject({ sources: [{ name: 'opendental', tables }] });
});

it('has the version of its npm package', () => {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  expect(read('dbt_project.yml')).toMatchObject({ name: 'tidemark', version });
});
