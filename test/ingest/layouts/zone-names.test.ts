import { describe, expect, test } from 'vitest';
import { ianaZone } from '../../../lambdas/ingest/layouts/zone-names.ts';
import { openZone } from '../../../lambdas/ingest/values/zone.ts';

const noon = Date.UTC(2024, 0, 15, 12) / 1000;

describe('names of time zones as Square writes them', () => {
  test.each([
    ['Eastern Time (US & Canada)', 17],
    ['Central Time (US & Canada)', 18],
    ['Mountain Time (US & Canada)', 19],
    ['Arizona', 19],
    ['Pacific Time (US & Canada)', 20],
    ['Hawaii', 22],
    ['Atlantic Time (Canada)', 16],
    ['london', 12],
    ['Tokyo', 3],
    ['Sydney', 1],
    ["Nuku'alofa", -1],
    ['Europe/Budapest', 11],
  ])('%s: noon there is %i UTC', (name, hour) => {
    expect(openZone(ianaZone(name)).toUtc(noon)).toBe(Date.UTC(2024, 0, 15, hour) / 1000);
  });

  test('other texts are left to whoever knows them', () => {
    expect(ianaZone('Mars')).toBe('Mars');
  });
});
