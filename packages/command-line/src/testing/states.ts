import type { HopState } from '@tidemark/tracking';

/** The record of a table that was copied (or loaded) once, with what matters to the test changed. */
export function hopState(changed: Partial<HopState> = {}): HopState {
  return {
    table: 'patient',
    status: 'success',
    succeeded: true,
    lastSucceededAt: '2026-03-01T21:04:07.000Z',
    rows: 20_000,
    watermarks: { DateTStamp: '2026-03-01 21:03:59' },
    highestKey: '20000',
    structure: 'v1',
    copySequence: '7',
    sourceAsOf: '2026-03-01 21:04:00.123456',
    strategy: 'incremental',
    lastError: null,
    consecutiveFailures: 0,
    resume: null,
    digestedAt: null,
    columnQuality: [],
    ...changed,
  };
}
