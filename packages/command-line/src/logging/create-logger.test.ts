import { expect, it } from 'vitest';

import { createLogger, type LogOptions } from './create-logger.ts';

function logged(log: (logger: ReturnType<typeof createLogger>) => void, options: Partial<LogOptions> = {}): string {
  const lines: string[] = [];
  log(createLogger({ level: 'info', format: 'json', colors: false, write: (line) => lines.push(line), ...options }));
  return lines.join('');
}

it('writes JSON lines with level, time and fields', () => {
  const line = logged((log) => log.info({ table: 'patient', rowsRead: 3 }, 'patient: copied'));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', table: 'patient', rowsRead: 3, msg: 'patient: copied' });
  expect(line.endsWith('\n')).toBe(true);
});

it('never writes a secret or rows that were handed to it by mistake', () => {
  const line = logged((log) => {
    log.info({ password: 'hunter2', endpoint: { password: 'hunter2' }, deps: { url: 'mysql://u:hunter2@h' } }, 'x');
    log.info({ rows: [['hunter2']], params: ['hunter2'], input: { values: ['hunter2'] } }, 'x');
  });
  expect(line).not.toContain('hunter2');
});

it("writes an error's class and code, never its message or stack", () => {
  const error = Object.assign(new Error("Duplicate entry 'Smith'"), { code: 'ER_DUP_ENTRY', sql: "VALUES ('Smith')" });
  for (const log of [{ err: error }, { error }, error]) {
    const line = logged((logger) => {
      logger.error(log, 'it broke');
      logger.error(log);
    });
    expect(line).toContain('ER_DUP_ENTRY');
    expect(line).not.toContain('Smith');
  }
});

it('shows people the words, and the fields when detail is asked for', () => {
  const write = (log: ReturnType<typeof createLogger>): void => log.info({ table: 'patient' }, 'copied');
  expect(logged(write, { format: 'pretty' })).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: copied\n$/);
  expect(logged(write, { format: 'pretty', level: 'debug' })).toContain('{"table":"patient"}');
});
