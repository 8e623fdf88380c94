import { hopState, tablesFile } from '@tidemark/command-line/testing';
import { describe, expect, it } from 'vitest';

import { chooseTracked } from './choose-tracked.ts';
import { sideBySide } from './read-status.ts';

const now = Date.parse('2026-03-01T21:05:00Z');
const model = { status: 'success', lastSucceededAt: null, rows: 5, lastError: null, consecutiveFailures: 0 } as const;

describe('sideBySide', () => {
  it('puts the three tiers of a table together, and the age of its rows', () => {
    const tiers = {
      copied: [hopState()],
      loaded: [hopState({ rows: 19_999, sourceAsOf: '2026-03-01 21:03:00.000000' })],
      transformed: [
        { ...model, model: 'stg_opendental__patientnote' },
        { ...model, model: 'stg_opendental__patient' },
      ],
      proved: [
        { table: 'patientnote', provedAt: '2026-03-01T00:00:00.000000Z' },
        { table: 'patient', provedAt: '2026-02-28T03:00:00.123456Z' },
      ],
    };
    const [status] = sideBySide(['patient'], tiers, now);
    expect(status).toMatchObject({
      table: 'patient',
      copy: { status: 'success', lastCopied: '2026-03-01T21:04:07.000Z', rowsCopied: 20_000 },
      load: { lastLoaded: '2026-03-01T21:04:07.000Z', rowsLoaded: 19_999, sourceAsOf: '2026-03-01T21:03:00.000Z' },
      transform: { model: 'stg_opendental__patient', rowsTransformed: 5 },
      lagSeconds: 120,
      provedAt: '2026-02-28T03:00:00.123Z',
    });
    expect(status?.copy?.sourceAsOf).toBe('2026-03-01T21:04:00.123Z');
  });

  it('shows what dbt did before a record that was only seeded under the name of the table', () => {
    const built = { ...model, model: 'stg_opendental__patient', lastSucceededAt: '2026-03-01T21:00:00Z' };
    const seeded = { ...model, model: 'patient', status: 'pending', rows: 0 } as const;
    const shown = (...transformed: (typeof built | typeof seeded)[]): string | undefined =>
      sideBySide(['patient'], { copied: [], loaded: [], transformed, proved: [] }, now)[0]?.transform?.model;
    expect(shown(seeded, built)).toBe('stg_opendental__patient');
    expect(shown(seeded)).toBe('patient');
  });

  it('says null where a tier has no record, and where nothing was ever loaded', () => {
    const never = hopState({ status: 'pending', succeeded: false, lastSucceededAt: null, sourceAsOf: null });
    const tiers = { copied: [], loaded: [never], transformed: [], proved: [] };
    expect(sideBySide(['patient'], tiers, now)).toMatchObject([
      { copy: null, load: { status: 'pending', lastLoaded: null }, transform: null, lagSeconds: null },
    ]);
  });

  it('shows the watermark of a stamp and never that of a number, which may be the key of a row', () => {
    const watermarks = { DateTStamp: '2026-03-01 21:00:00', PatNum: '4711' };
    const tiers = {
      copied: [hopState({ watermarks })],
      loaded: [hopState({ watermarks })],
      transformed: [],
      proved: [],
    };
    const [status] = sideBySide(['patient'], tiers, now);
    const shown = { DateTStamp: '2026-03-01 21:00:00', PatNum: null };
    expect([status?.copy?.watermarks, status?.load?.watermarks]).toEqual([shown, shown]);
  });

  it('does not let a fast clock of the source make a negative lag', () => {
    const ahead = hopState({ sourceAsOf: '2026-03-01 21:06:00.000000' });
    expect(
      sideBySide(['patient'], { copied: [], loaded: [ahead], transformed: [], proved: [] }, now)[0]?.lagSeconds,
    ).toBe(0);
  });
});

describe('chooseTracked', () => {
  it('takes what is configured or recorded, one spelling each, by name', () => {
    const file = tablesFile('tables: {Patient: {}, recall: {}}');
    const input = { file, copied: [hopState()], loaded: [hopState({ table: 'adjustment' })] };
    const terms = { select: [], exclude: [] };
    expect(chooseTracked({ ...input, terms })).toEqual(['adjustment', 'patient', 'recall']);
    expect(chooseTracked({ ...input, terms: { select: ['result:pending'], exclude: [] } })).toEqual(['recall']);
  });
});
