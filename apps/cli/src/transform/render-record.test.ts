import { stripVTControlCharacters } from 'node:util';

import { expect, it } from 'vitest';

import type { RecordReport } from './record-run-results.ts';
import { renderRecord } from './render-record.ts';

const REPORT: RecordReport = {
  runId: 'RUN',
  generatedAt: '2026-03-01T10:01:00.000000Z',
  command: 'build',
  recorded: 1,
  skipped: 1,
  models: [
    {
      model: 'patients',
      status: 'success',
      error: null,
      rows: 1200,
      startedAt: '2026-03-01T10:00:01Z',
      finishedAt: '2026-03-01T10:00:02Z',
      recorded: true,
    },
    {
      model: 'mart',
      status: 'failed',
      error: 'skipped',
      rows: null,
      startedAt: '2026-03-01T10:00:02Z',
      finishedAt: '2026-03-01T10:00:02Z',
      recorded: false,
    },
  ],
  laterInvocation: null,
};

it('tells people what was recorded, what was known, and that there may be more', () => {
  const text = stripVTControlCharacters(renderRecord(REPORT));
  expect(text).toMatch(/patients +2026-03-01 10:00:02 UTC +1,200 +ok$/m);
  expect(text).toMatch(/mart .* – +skipped +recorded before$/m);
  expect(text).toMatch(/^1 model recorded, 1 model was recorded before \(run RUN of 2026-03-01 10:01:00 UTC\)\.$/m);
  const laterInvocation = { invocationId: 'LATER', generatedAt: '2026-03-01T10:05:00Z' };
  expect(renderRecord({ ...REPORT, laterInvocation })).toContain('dbt began run LATER after that');
});

it('says why there is nothing to record', () => {
  const nothing = { ...REPORT, recorded: 0, skipped: 0, models: [], command: 'compile' };
  expect(stripVTControlCharacters(renderRecord(nothing))).toMatch(/^Nothing to record: dbt compile built no models/);
});
