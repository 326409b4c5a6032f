/** What a minimisation found. `converged` is false when the iteration limit came first. */
export interface Minimum {
  readonly point: number[];
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface NelderMeadOptions {
  /** Edge of the first simplex along each coordinate. Default 0.5. */
  readonly step?: number;
  /**
   * Stop when the simplex is smaller than this along every coordinate and its values differ by less than it, relative
   * to their size. Default 1e-8.
   */
  readonly tolerance?: number;
  /** Default 400 per coordinate. */
  readonly maxIterations?: number;
}

interface Vertex {
  readonly point: number[];
  readonly value: number;
}

/**
 * Minimum of a function of a few variables by the downhill simplex (Nelder & Mead 1965, "A simplex method for function
 * minimization"), with the usual coefficients: reflection 1, expansion 2, contraction and shrinkage 1/2. It needs no
 * derivative and draws no random number: the same function and start give the same point.
 *
 * A value that is not finite counts as +Infinity, so a function may mark forbidden points by NaN or Infinity. Where it
 * matters, call it again from the point it found: a fresh simplex leaves a corner in which the first one collapsed.
 */
export function minimise(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  options: NelderMeadOptions = {},
): Minimum {
  const { step = 0.5, tolerance = 1e-8, maxIterations = 400 * Math.max(start.length, 1) } = options;
  const vertex = (point: number[]): Vertex => {
    const value = f(point);
    return { point, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY };
  };
  const simplex = [vertex([...start]), ...start.map((_, i) => vertex(start.map((c, j) => (i === j ? c + step : c))))];
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < maxIterations) {
    simplex.sort((p, q) => (p.value === q.value ? 0 : p.value - q.value));
    converged = isSmall(simplex, tolerance);
    if (!converged) {
      improve(simplex, vertex);
      iterations++;
    }
  }
  simplex.sort((p, q) => (p.value === q.value ? 0 : p.value - q.value));
  const best = simplex[0]!;
  return { point: best.point, value: best.value, iterations, converged };
}

/** One move of the simplex, whose vertices are sorted, best first. */
function improve(simplex: Vertex[], vertex: (point: number[]) => Vertex): void {
  const last = simplex.length - 1;
  const best = simplex[0]!;
  const worst = simplex[last]!;
  const centre = best.point.map((_, j) => simplex.slice(0, last).reduce((sum, v) => sum + v.point[j]!, 0) / last);
  const along = (t: number) => vertex(centre.map((c, j) => c + t * (worst.point[j]! - c)));

  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    simplex[last] = expanded.value < reflected.value ? expanded : reflected;
  } else if (reflected.value < simplex[last - 1]!.value) {
    simplex[last] = reflected;
  } else {
    const contracted = reflected.value < worst.value ? along(-0.5) : along(0.5);
    if (contracted.value < Math.min(reflected.value, worst.value)) simplex[last] = contracted;
    else {
      for (let i = 1; i <= last; i++) {
        simplex[i] = vertex(simplex[i]!.point.map((c, j) => (c + best.point[j]!) / 2));
      }
    }
  }
}

function isSmall(sorted: readonly Vertex[], tolerance: number): boolean {
  const best = sorted[0]!;
  const worst = sorted[sorted.length - 1]!;
  if (!(worst.value - best.value <= tolerance * (Math.abs(best.value) + tolerance))) return false;
  return sorted.every((v) =>
    v.point.every((c, j) => Math.abs(c - best.point[j]!) <= tolerance * (1 + Math.abs(best.point[j]!))),
  );
}
