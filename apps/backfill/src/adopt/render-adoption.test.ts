import { stripVTControlCharacters } from 'node:util';

import { expect, it } from 'vitest';

import { renderAdoption } from './render-adoption.ts';
import type { TableSurvey } from './survey-tables.ts';

function survey(table: string, more: Partial<TableSurvey> = {}): TableSurvey {
  return { table, replica: 'filled', raw: 'filled', changes: [], keeps: [], mustChange: [], ...more };
}

function rendered(...tables: readonly TableSurvey[]): string {
  return stripVTControlCharacters(renderAdoption({ report: { tables, run: null }, finished: null, exitCode: 0 }));
}

it('tells the same change and the same type of many tables once', () => {
  const changes = ['replica: its engine becomes InnoDB'];
  const keep = (column: string, length: number) => ({ column, type: `character varying(${length})`, usual: 'text' });
  const text = rendered(
    survey('patient', { changes, keeps: [keep('LName', 100), keep('City', 50)] }),
    survey('claim', { changes, replica: 'absent' }),
  );
  expect(text.split('\n')).toEqual([
    'types that stay in raw:',
    '  character varying(…), usually text: patient.LName, patient.City',
    '',
    'changed on the way:',
    '  replica: its engine becomes InnoDB: patient, claim',
    '',
    '2 tables would be taken over, nothing was changed; the replica lacks claim: copied whole',
  ]);
});

it('tells of a blocked table what a person must change, and nothing else of it', () => {
  const mustChange = ['raw: column AptStatus is boolean in raw and has other values than 0 and 1'];
  const text = rendered(survey('appointment', { mustChange, changes: ['replica: its engine becomes InnoDB'] }));
  expect(text.split('\n')).toEqual([
    'must be changed first: appointment',
    `  ${mustChange.join('')}`,
    '',
    'No table can be taken over as it is.',
  ]);
});

it('says so when there is nothing', () => {
  expect(rendered()).toMatch(/^Nothing to take over/);
});
