import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { audienceMember, excludedMember } from '../../../lambdas/publish/files/member.ts';
import { writeAudience, writeExclusion } from '../../../lambdas/publish/files/write-audience.ts';
import { inFolder } from '../../support/files.ts';
import { campaign, decodeRows, objectsUnder, settings, streamed } from './members.ts';

const root = fileURLToPath(new URL('golden/', import.meta.url));
const cases = readdirSync(root).sort();

test('there are golden folders', () => {
  expect(cases).toContain('campaign');
});

/** What a folder says must come out byte for byte; `left_out.json` says who is in no file. */
test.each(cases)('%s', async (name) => {
  const folder = join(root, name);
  const given = JSON.parse(readFileSync(join(folder, 'members.json'), 'utf8'));
  await inFolder(async (lake) => {
    const store = fileStore(lake);
    const words = { settings: settings(given.files, given.shop), campaign: { ...campaign, ...given.campaign } };
    const written =
      given.kind === 'exclusion'
        ? await writeExclusion(store, 'list/', streamed(decodeRows(excludedMember.columns, given.members)), words)
        : await writeAudience(store, 'list/', streamed(decodeRows(audienceMember.columns, given.members)), words);
    const objects = await objectsUnder(store, 'list/');
    const expected = readdirSync(folder).filter((file) => file.endsWith('.csv'));
    expect([...objects.keys()].sort()).toEqual(expected.sort());
    for (const [file, body] of objects) {
      expect(Buffer.from(body).toString('utf8'), file).toBe(readFileSync(join(folder, file), 'utf8'));
      expect(Buffer.from(body).equals(readFileSync(join(folder, file))), file).toBe(true);
    }
    expect(written.left_out).toEqual(JSON.parse(readFileSync(join(folder, 'left_out.json'), 'utf8')));
  });
});
