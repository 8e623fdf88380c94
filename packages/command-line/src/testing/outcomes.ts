import { NO_ROWS, type TableOutcome } from '../run/outcome.ts';

/** A successful copy of `patient`, with what matters to the test changed. */
export function outcome(changed: Partial<TableOutcome> = {}): TableOutcome {
  return {
    table: 'patient',
    hop: 'copy',
    strategy: 'incremental',
    reason: 'Rows where DateTStamp moved since the last run.',
    status: 'success',
    counts: NO_ROWS,
    changes: {},
    durationMs: 1200,
    error: null,
    ...changed,
  };
}

export function failed(table: string, code: string, changed: Partial<TableOutcome> = {}): TableOutcome {
  return outcome({
    table,
    status: 'failed',
    error: { code, message: `went wrong with ${code}`, hint: 'Mend it.' },
    ...changed,
  });
}
