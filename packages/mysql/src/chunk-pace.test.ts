import { describe, expect, test } from 'vitest';

import { createChunkPace, type ChunkPace } from './chunk-pace.ts';

/** Runs chunks on a server that takes so many milliseconds for a row. */
function paceAfter(chunks: number, msPerRow: number, mostRows: number): number {
  const pace: ChunkPace = createChunkPace({ mostRows });
  for (let chunk = 0; chunk < chunks; chunk += 1) pace.took(pace.rows(), pace.rows() * msPerRow);
  return pace.rows();
}

describe('rows of a chunk', () => {
  test('settle where a chunk takes half a second', () => {
    expect(paceAfter(20, 0.02, 1_000_000)).toBe(25_000);
    expect(paceAfter(20, 1, 1_000_000)).toBe(500);
  });

  test('never pass the limit, and never fall to single rows', () => {
    expect(paceAfter(20, 0.000_01, 60_000)).toBe(60_000);
    expect(paceAfter(20, 1000, 60_000)).toBe(200);
    expect(paceAfter(20, 1000, 50)).toBe(50);
    expect(createChunkPace({ mostRows: 10 }).rows()).toBe(10);
  });

  test('move by steps: one slow or fast chunk does not decide', () => {
    expect(paceAfter(1, 0, 1_000_000)).toBe(12_500);
    expect(paceAfter(1, 1000, 1_000_000)).toBe(2_000);
  });

  test('do not grow because the last chunk of a table was short', () => {
    const pace = createChunkPace({ mostRows: 100_000 });
    pace.took(3, 1);
    expect(pace.rows()).toBe(5_000);
  });

  test('shrink after a short chunk that was slow', () => {
    const pace = createChunkPace({ mostRows: 100_000 });
    pace.took(3, 1000);
    expect(pace.rows()).toBe(2_500);
  });
});
