import type { Prices } from './config/prices.ts';

/** What a step used of what is paid for; null where nobody tells. */
export interface Usage {
  readonly billedBytes: number | null;
  readonly seconds: number;
  /** Memory of the function that it ran in. */
  readonly memoryMb: number | null;
}

/** Athena takes a statement for at least this many bytes; statements on partitions alone are free. */
export const leastBilledBytes = 10_000_000;

const bytesPerTb = 1e12;

/** US dollars for bytes that statements scanned, as billed. */
export const scanCost = (prices: Prices, billedBytes: number): number => (billedBytes / bytesPerTb) * prices.athena_tb;

/** US dollars for a function's time. */
export const functionCost = (prices: Prices, gbSeconds: number): number => gbSeconds * prices.lambda_gb_second;

/** What a step cost, in US dollars to the billionth: statements and time of its function; null where nothing is paid for. */
export function stepCost(prices: Prices, { billedBytes, seconds, memoryMb }: Usage): number | null {
  if (billedBytes === null && memoryMb === null) return null;
  const gbSeconds = ((memoryMb ?? 0) / 1024) * seconds;
  const cost = scanCost(prices, billedBytes ?? 0) + functionCost(prices, gbSeconds);
  return Math.round(cost * 1e9) / 1e9;
}
