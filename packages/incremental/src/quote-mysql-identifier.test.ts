import { describe, expect, test } from 'vitest';

import { quoteMysqlIdentifier } from './quote-mysql-identifier.ts';

describe('quoteMysqlIdentifier', () => {
  test('quotes, and doubles what is quoted inside', () => {
    expect(quoteMysqlIdentifier('DateTStamp')).toBe('`DateTStamp`');
    expect(quoteMysqlIdentifier('a`b` OR 1=1 -- ')).toBe('`a``b`` OR 1=1 -- `');
  });

  test.each(['', 'a\0b'])('refuses %j', (name) => {
    expect(() => quoteMysqlIdentifier(name)).toThrow(RangeError);
  });
});
