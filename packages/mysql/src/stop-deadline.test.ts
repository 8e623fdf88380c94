import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { stopDeadline } from './stop-deadline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const end = vi.fn<() => Promise<void>>(async () => {});

afterEach(() => {
  end.mockClear();
});

test('ends what is waited for so long after the wish to stop, and says so', () => {
  const controller = new AbortController();
  using deadline = stopDeadline(controller.signal);
  deadline.after(3000, end);
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  controller.abort();
  vi.advanceTimersByTime(2999);
  expect([end.mock.calls.length, deadline.hasPassed]).toEqual([0, false]);
  vi.advanceTimersByTime(1);
  expect([end.mock.calls.length, deadline.hasPassed]).toEqual([1, true]);
});

test('counts from now for what begins after the wish', () => {
  using deadline = stopDeadline(AbortSignal.abort());
  deadline.after(3000, end);
  vi.advanceTimersByTime(3000);
  expect(end).toHaveBeenCalledOnce();
});

test('ends nothing that is over, nor anything once it is over itself', () => {
  const controller = new AbortController();
  {
    using deadline = stopDeadline(controller.signal);
    const over = deadline.after(1000, end);
    deadline.after(1000, end);
    controller.abort();
    over[Symbol.dispose]();
    vi.advanceTimersByTime(999);
  }
  vi.advanceTimersByTime(60_000);
  expect(end).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('never passes without a signal', () => {
  using deadline = stopDeadline(undefined);
  deadline.after(0, end);
  vi.advanceTimersByTime(60_000);
  expect(deadline.hasPassed).toBe(false);
});
