import { Errors } from '@oclif/core';
import { TidemarkError } from '@tidemark/errors';
import { describe, expect, it } from 'vitest';

import { renderFailure, toFailure } from './failure.ts';

describe('toFailure', () => {
  it('tells code, message, hint and exit code of our own errors', () => {
    const error = new TidemarkError('ACCESS_DENIED', { message: 'source: refused', hint: 'Check USER.' });
    expect(toFailure(error)).toEqual({
      code: 'ACCESS_DENIED',
      message: 'source: refused',
      hint: 'Check USER.',
      exitCode: 2,
      stack: null,
    });
  });

  it('takes a wrong flag or command for a wrong configuration, with exit code 2', () => {
    const failure = toFailure(new Errors.CLIError('Nonexistent flag: --bogus\nSee more help with --help'));
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: 'Nonexistent flag: --bogus', exitCode: 2 });
  });

  it('tells a command that is not there as it was typed', () => {
    const failure = toFailure(new Errors.CLIError('command migrate:patient not found'));
    expect(failure).toMatchObject({ message: 'there is no command migrate patient', exitCode: 2 });
    expect(failure.hint).toContain('--help');
  });

  it('tells neither message nor cause of an unexpected error: they may quote a row', () => {
    const error = new RangeError("Duplicate entry 'Smith' for key LName\n second line with Smith", {
      cause: new Error('Key (PatNum)=(4711) already exists'),
    });
    const failure = toFailure(error);
    expect(failure).toMatchObject({ code: 'INTERNAL', message: 'unexpected RangeError', exitCode: 1 });
    expect(failure.stack).toContain('failure.test.ts');
    expect(JSON.stringify(failure)).not.toMatch(/Smith|4711/);
  });

  it('takes no line of a message for a place in the code', () => {
    const error = new Error('Duplicate entry\n    at Smith (file:///Smith.ts:1:1)\n    at file:///Smith.ts:4711:1');
    const named = Object.assign(new Error('x'), { name: 'Smith, John\n    at Smith (file:///Smith.ts:1:1)' });
    for (const failure of [toFailure(error), toFailure(named)]) {
      expect(failure.stack).toContain('failure.test.ts');
      expect(JSON.stringify(failure)).not.toContain('Smith');
    }
    // Reworded after the stack was taken: nobody knows where the message ends.
    error.message = 'told otherwise';
    expect(toFailure(error).stack).toBeNull();
  });

  it('does not repeat what was given to a flag that does not exist', () => {
    const error = new Errors.CLIError('Nonexistent flags: --password=Smith 1, --x=Smith\nSee more help with --help');
    expect(toFailure(error).message).toBe('Nonexistent flags: --password');
  });

  it('survives things that are no errors', () => {
    expect(toFailure('Smith')).toMatchObject({ message: 'unexpected string', stack: null });
    expect(toFailure(undefined)).toMatchObject({ message: 'unexpected undefined', stack: null });
  });
});

describe('renderFailure', () => {
  const failure = { code: 'CONFIG_INVALID', hint: 'Correct it.', exitCode: 2, stack: null };

  it('puts one line and the hint', () => {
    expect(renderFailure({ ...failure, message: 'wrong' })).toBe('Error: wrong (CONFIG_INVALID)\n  → Correct it.');
  });

  it('gives each problem of several its own line', () => {
    expect(renderFailure({ ...failure, message: 'a.yml:1:2 wrong\na.yml:3:4 wrong' })).toBe(
      'Error (CONFIG_INVALID):\n  a.yml:1:2 wrong\n  a.yml:3:4 wrong\n  → Correct it.',
    );
  });
});
