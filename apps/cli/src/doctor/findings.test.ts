import { stripVTControlCharacters } from 'node:util';

import { hopState } from '@tidemark/command-line/testing';
import { TidemarkError } from '@tidemark/errors';
import { describe, expect, it } from 'vitest';

import { checkClocks, readAhead } from './check-clocks.ts';
import { checkCoverage } from './check-coverage.ts';
import { checkKeys } from './check-keys.ts';
import { exitCodeOfFindings, findingsOf } from './finding.ts';
import { renderDoctor } from './render-doctor.ts';

const find = findingsOf('source');

describe('exitCodeOfFindings', () => {
  const unreachable = find.thrown('connection', new TidemarkError('SERVER_UNREACHABLE', { message: 'm', hint: 'h' }));
  it.each([
    ['nothing wrong', [find.ok('a', 'm'), find.warning('b', 'm', 'mend')], 0],
    ['an error', [find.error('rights', 'm', 'mend')], 1],
    ['a connection', [find.error('rights', 'm', 'mend'), unreachable], 2],
  ] as const)('%s', (_, findings, code) => {
    expect(exitCodeOfFindings(findings)).toBe(code);
  });
});

describe('checkClocks', () => {
  const levels = (aheadMs: number) =>
    checkClocks([
      { name: 'source', aheadMs: 100_000 },
      { name: 'replica', aheadMs: 100_000 + aheadMs },
    ])[0];

  it('takes the source for right and warns above five seconds', () => {
    expect(levels(400)).toMatchObject({ level: 'ok' });
    expect(levels(-3_000)).toMatchObject({ level: 'info', message: 'replica is 3s behind the source' });
    expect(levels(60_000)).toMatchObject({ level: 'warning' });
    expect(levels(60_000)?.message).toContain('replica is 1m ahead of the source');
  });

  it('counts this machine too', () => {
    expect(checkClocks([{ name: 'source', aheadMs: 7_000 }])).toMatchObject([
      { check: 'this machine', level: 'warning' },
    ]);
    expect(checkClocks([{ name: 'replica', aheadMs: 7_000 }])).toEqual([]);
  });

  it("reads a server's UTC against this machine's", async () => {
    const text = new Date(Date.now() + 90_000).toISOString().replace('T', ' ').replace('Z', '000');
    const { aheadMs } = await readAhead('source', () => Promise.resolve(text));
    expect(Math.abs(aheadMs - 90_000)).toBeLessThan(1_000);
  });
});

describe('checkCoverage', () => {
  it('tells what is left out, what was never copied, and what failed', () => {
    const findings = checkCoverage({
      tables: ['patient', 'recall'],
      skipped: [{ table: 'gone', reason: 'not in the source' }],
      refused: [],
      all: ['patient', 'recall', 'sheet'],
      copied: [hopState({ status: 'failed' })],
      loaded: [hopState(), hopState({ table: 'recall' })],
    });
    expect(findings.map(({ check, level }) => `${check} ${level}`)).toEqual([
      'synced info',
      'not-synced warning',
      'copied info',
      'copied warning',
      'loaded ok',
    ]);
    expect(findings[2]?.message).toBe('1 table never copied: recall');
  });
});

it('renders findings by area, mends below them', () => {
  const findings = [find.ok('version', 'MariaDB 10.11.19'), find.error('rights', 'no SELECT', 'GRANT it;')];
  const text = stripVTControlCharacters(renderDoctor({ ok: false, findings }));
  expect(text).toBe(
    'source\n  ok       MariaDB 10.11.19\n  error    no SELECT\n           → GRANT it;\n\n1 error, 2 findings',
  );
});

describe('checkKeys', () => {
  const columns = [{ name: 'PatNum' }, { name: 'LName' }];
  const table = (name: string, key: readonly string[], configured: readonly string[] | null) => ({
    description: { name, key, columns },
    configured,
  });

  it('tells a key that is not there as an error, and a table without one as a warning', () => {
    expect(
      checkKeys([
        table('patient', ['PatNum'], null),
        table('spelt', [], ['patnum']),
        table('wrong', ['PatNum'], ['PatNum', 'PatNumber']),
        table('keyless', [], null),
      ]),
    ).toMatchObject([
      { check: 'key', level: 'error', message: expect.stringMatching(/in 1 table: wrong \(PatNumber\)$/) },
      { check: 'key', level: 'warning', message: expect.stringMatching(/^1 table without .*: keyless$/) },
    ]);
  });
});
