import { describe, expect, it } from 'vitest';

import { parsePrometheus } from '../testing/parse-prometheus.ts';
import { prometheusText } from './prometheus-text.ts';

describe('prometheusText', () => {
  it('is read back by a strict reader, odd names and numbers too', () => {
    const labels = { table: 'a "b" \\c\nd', hop: 'copy' };
    const text = prometheusText([
      { name: 'one', help: 'A help \\ with\ntwo lines.', samples: [{ value: 1 }] },
      {
        name: 'two',
        help: 'h',
        samples: [
          { labels, value: 0.000_000_12 },
          { labels: { table: '' }, value: 9e21 },
        ],
      },
      { name: 'three', help: 'nothing to say', samples: [] },
    ]);
    expect(parsePrometheus(text)).toEqual([
      { name: 'one', labels: {}, value: 1 },
      { name: 'two', labels, value: 0.000_000_12 },
      { name: 'two', labels: { table: '' }, value: 9e21 },
    ]);
    expect(text).not.toContain('three');
  });

  it.each(['a 1', '# HELP a h\na 1\n', '# HELP a h\n# TYPE a gauge\na{x="\\q"} 1\n', '# TYPE a gauge\na 1\n'])(
    'has a reader that refuses what is wrong: %j',
    (text) => {
      expect(() => parsePrometheus(text)).toThrow(Error);
    },
  );
});
