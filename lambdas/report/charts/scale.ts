/** Position of a value: `domain` maps to `range`, straight. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const slope = d1 === d0 ? 0 : (r1 - r0) / (d1 - d0);
  return (value) => round(r0 + (value - d0) * slope);
}

/** Coordinates have one decimal: enough for the eye, and the same text on every machine. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** Round steps from 0 up to at least `top`, about `count` of them. */
export function ticks(top: number, count = 4): number[] {
  const rough = Math.max(top, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough - 1e-9) ?? 10) * power;
  const steps = Math.ceil(top / step - 1e-9);
  return Array.from({ length: Math.max(steps, 1) + 1 }, (_, i) => Math.round(i * step * 1e6) / 1e6);
}
