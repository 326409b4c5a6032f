import { setTimeout as sleepFor } from 'node:timers/promises';

const longest = 20_000;

/**
 * Milliseconds to wait before try number `tries` + 1: up to twice as long each time, drawn anew so that many waiters
 * spread (full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 */
export const withJitter = (tries: number, first = 100): number => Math.random() * Math.min(longest, first * 2 ** tries);

/** Waits, and stops waiting when the signal is given. */
export const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  sleepFor(milliseconds, undefined, signal ? { signal } : {});
