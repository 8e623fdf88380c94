import { toFailure } from '@tidemark/command-line';

export type FindingArea = 'source' | 'replica' | 'warehouse' | 'clocks' | 'coverage' | 'columns';

/** `info` is worth knowing, `warning` will bite one day, `error` stops runs. */
export type FindingLevel = 'ok' | 'info' | 'warning' | 'error';

export interface Finding {
  readonly area: FindingArea;
  /** What was looked at: `connection`, `rights`, … */
  readonly check: string;
  readonly level: FindingLevel;
  readonly message: string;
  /** What to do about it; null where there is nothing to do. */
  readonly mend: string | null;
}

export interface DoctorReport {
  /** Whether there is no error among the findings. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Makes the findings of one area. */
export interface FindingMaker {
  ok(check: string, message: string): Finding;
  info(check: string, message: string, mend?: string): Finding;
  warning(check: string, message: string, mend: string): Finding;
  error(check: string, message: string, mend: string): Finding;
  /** Of an error that was thrown while something was looked at. */
  thrown(check: string, error: unknown): Finding;
}

export function findingsOf(area: FindingArea): FindingMaker {
  return {
    ok: (check, message) => ({ area, check, level: 'ok', message, mend: null }),
    info: (check, message, mend) => ({ area, check, level: 'info', message, mend: mend ?? null }),
    warning: (check, message, mend) => ({ area, check, level: 'warning', message, mend }),
    error: (check, message, mend) => ({ area, check, level: 'error', message, mend }),
    thrown: (check, error) => {
      const { code, message, hint } = toFailure(error);
      return { area, check, level: 'error', message: `${message} (${code})`, mend: hint };
    },
  };
}

/** 2 where a database cannot be worked with at all, 1 where something else stops runs. */
export function exitCodeOfFindings(findings: readonly Finding[]): 0 | 1 | 2 {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.some(({ check }) => check === 'connection')) return 2;
  return errors.length > 0 ? 1 : 0;
}
