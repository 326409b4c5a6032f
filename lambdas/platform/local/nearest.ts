/** How many letters to insert, remove or replace to make one word of another (Levenshtein 1966). */
function editDistance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const now = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (before[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      now.push(Math.min(replaced, (before[j] ?? 0) + 1, (now[j - 1] ?? 0) + 1));
    }
    before = now;
  }
  return before[other.length] ?? 0;
}

/** The name that a misspelt word most likely means: at most a third of its letters away; null where there is none. */
export function nearest(word: string, names: readonly string[]): string | null {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ name, distance }) => distance <= Math.max(word.length, name.length) / 3)
    .sort((a, b) => a.distance - b.distance);
  return best?.name ?? null;
}
