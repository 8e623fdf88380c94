import { expect, test } from 'vitest';
import { Ledger } from './account.ts';

const NOTHING = { inserted: 0, updated: 0, updatedWithoutStamp: 0, deleted: 0, softDeleted: 0 };

test('all 68 tables are told, those left alone too', () => {
  const account = new Ledger().close();
  expect(Object.keys(account)).toHaveLength(68);
  expect(account['rxnorm']).toEqual(NOTHING);
});

test('a row that came and went in one day leaves nothing', () => {
  const ledger = new Ledger();
  ledger.inserted('patient', '7');
  ledger.updated('patient', '7');
  ledger.softDeleted('patient', '7');
  ledger.deleted('patient', '7');
  expect(ledger.close()['patient']).toEqual(NOTHING);
});

test('a new row that is edited is only new; an old one that is deleted only gone', () => {
  const ledger = new Ledger();
  ledger.inserted('patient', '7');
  ledger.softDeleted('patient', '7');
  ledger.updated('patient', '8');
  ledger.updated('patient', '8');
  ledger.softDeleted('patient', '9');
  ledger.deleted('patient', '9');
  expect(ledger.close()['patient']).toEqual({ ...NOTHING, inserted: 1, updated: 1, deleted: 1 });
});

test('an edit moves no stamp in a table that has none; marking as deleted is an edit', () => {
  const ledger = new Ledger();
  ledger.softDeleted('sheet', '1');
  ledger.softDeleted('procedurelog', '1');
  expect(ledger.close()['sheet']).toEqual({ ...NOTHING, updated: 1, updatedWithoutStamp: 1, softDeleted: 1 });
  expect(ledger.close()['procedurelog']).toEqual({ ...NOTHING, updated: 1, softDeleted: 1 });
});

test('a table outside the 68 is refused', () => {
  expect(() => new Ledger().updated('preference', '1')).toThrow('preference');
});
