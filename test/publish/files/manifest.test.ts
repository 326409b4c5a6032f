import { describe, expect, test } from 'vitest';
import { latestManifestKey } from '../../../lambdas/lake/zones.ts';
import { LakeAccessError } from '../../../lambdas/platform/errors.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { type Manifest, parseManifest, readManifest } from '../../../lambdas/publish/manifest.ts';
import { inFolder } from '../../support/files.ts';
import { publishSome } from './manifest.ts';

const published = (): Promise<Manifest> => inFolder((folder) => publishSome(fileStore(folder)));

describe('a manifest', () => {
  test('reads as it was written', async () => {
    await inFolder(async (folder) => {
      const store = fileStore(folder);
      expect(await readManifest(store, latestManifestKey)).toBeNull();
      const manifest = await publishSome(store);
      expect(await readManifest(store, latestManifestKey)).toEqual(manifest);
    });
  });

  test('accounts for everybody on a list in every format', async () => {
    const { lists, files } = await published();
    for (const { campaign, rows, left_out } of lists) {
      for (const [format, reasons] of Object.entries(left_out)) {
        const inFiles = files.filter((file) => file.list === campaign && file.format === format);
        const sum = inFiles.reduce((total, file) => total + file.rows, 0);
        expect(sum + Object.values(reasons).reduce((total, people) => total + people, 0)).toBe(rows);
      }
    }
  });

  test.each<[string, (manifest: Manifest) => unknown, RegExp]>([
    ['of before there were versions', ({ version: _, ...rest }) => rest, /older winback \(version 1, now 2\)/],
    ['of a later version', (manifest) => ({ ...manifest, version: 3 }), /is of version 3, .* reads version 2/],
    ['without its files', ({ files: _, ...rest }) => rest, /is damaged: files/],
    ['with a list that is a path', (m) => ({ ...m, files: [{ ...m.files[0], list: '../x' }] }), /files\.0\.list/],
    ['with a key elsewhere', (m) => ({ ...m, files: [{ ...m.files[0], key: 'published/../a.csv' }] }), /files\.0\.key/],
    ['that is no object', () => 'none', /older winback/],
  ])('%s is refused with what to do', async (_, change, message) => {
    const manifest = await published();
    const read = () => parseManifest(change(manifest), 'published/latest.json');
    expect(read).toThrow(LakeAccessError);
    expect(read).toThrow(message);
  });
});
