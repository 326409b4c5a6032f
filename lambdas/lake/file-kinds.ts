/**
 * What a delivered file tells of. The command or the landing folder by which it comes says so; it is never guessed from
 * what the file holds.
 * - `orders`: an order export
 * - `surveys`: answers to a survey
 * - `suppressions`: people who may not be contacted
 * - `lifts`: people who may be contacted again
 */
export type FileKind = 'orders' | 'surveys' | 'suppressions' | 'lifts';

/** Folders of landing that hold something else than orders. */
export const landingFolders: Readonly<Record<string, FileKind>> = {
  _surveys: 'surveys',
  _suppressions: 'suppressions',
  _lifts: 'lifts',
};

/** Folder of landing in which operators leave whom to erase. */
export const erasureRequests = '_erasures/';

/** The tag of delivered objects of which something has become: only these expire, so that nothing is lost untaken. */
export const dealtWith = { key: 'winback', value: 'dealt-with' } as const;

/** What an object of landing tells of, by its key; null for what is not taken: folder marks, and other folders with `_`. */
export function landedKind(key: string): FileKind | null {
  if (key.endsWith('/')) return null;
  if (!key.startsWith('_')) return 'orders';
  const folder = key.slice(0, Math.max(0, key.indexOf('/')));
  return Object.hasOwn(landingFolders, folder) ? (landingFolders[folder] ?? null) : null;
}
