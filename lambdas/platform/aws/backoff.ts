import { setTimeout as sleepFor } from 'node:timers/promises';

/**
 * Milliseconds to wait before try number `tries` + 1: twice as long each time up to `longest`, the second half of it drawn
 * anew so that many waiters spread (equal jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog,
 * 2015).
 */
export const backoff = (tries: number, first = 100, longest = 20_000): number =>
  (Math.min(longest, first * 2 ** tries) / 2) * (1 + Math.random());

export const sleep = (milliseconds: number): Promise<void> => sleepFor(milliseconds);
