import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DeploymentError, parseDeployment, readDeployment } from '../../infra/settings.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'winback-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settingsFile = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('a deployment', () => {
  it('has defaults for all but its stage', () => {
    expect(parseDeployment({ stage: 'prod' }, 'here', undefined)).toEqual({
      stage: 'prod',
      shop: parseConfig({}, 'here'),
      starts_at: '02:30',
      finished_by: '06:00',
      monthly_budget_usd: 50,
      scan_limit_gb: 50,
      query_results_days: 7,
      previous_versions_days: 30,
      access_logs_days: 90,
      mayRemoveData: false,
    });
  });

  it.each([
    [{}, /here: stage: /],
    [{ stage: 'Prod-1' }, /here: stage: must be 1 to 16 lower-case letters and digits/],
    [{ stage: 'prod', scan_limit_gb: 0.001 }, /scan_limit_gb: /],
    [{ stage: 'prod', query_results_days: 1.5 }, /query_results_days: /],
    [{ stage: 'prod', scan_limit: 3 }, /scan_limit is not a setting/],
    ['prod', /the file: /],
    [{ stage: 'prod', starts_at: '2:30' }, /starts_at: must be a time of day/],
    [{ stage: 'prod', starts_at: '06:00', finished_by: '05:00' }, /finished_by 05:00 is not after starts_at 06:00/],
    [{ stage: 'prod', alarm_email: 'nobody' }, /alarm_email: /],
    [{ stage: 'prod', monthly_budget_usd: 0 }, /monthly_budget_usd: /],
    [{ stage: 'prod', shop: { shop: { time_zone: 'Mars/Olympus' } } }, /here, shop: shop.time_zone: must be an IANA/],
    [{ stage: 'prod', shop: { horizon: { days: 3 } } }, /here, shop: horizon.days: /],
  ])('is refused when it is %j', (settings, message) => {
    expect(() => parseDeployment(settings, 'here', undefined)).toThrow(message);
  });

  it('names all settings that are wrong at once', () => {
    expect(() => parseDeployment({ stage: '', landing_days: 0 }, 'here', undefined)).toThrow(/stage: .*landing_days: /);
  });
});

describe('data may be removed', () => {
  it.each([
    [{ stage: 'prod', removable: true }, undefined],
    [{ stage: 'prod' }, undefined],
  ])('not with %j and WINBACK_REMOVE_DATA=%s', (settings, removeDataOf) => {
    expect(parseDeployment(settings, 'here', removeDataOf).mayRemoveData).toBe(false);
  });

  it.each([
    [{ stage: 'prod' }, 'prod'],
    [{ stage: 'prod', removable: true }, 'dev'],
    [{ stage: 'prod', removable: true }, ''],
  ])('and %j with WINBACK_REMOVE_DATA=%j is an error', (settings, removeDataOf) => {
    expect(() => parseDeployment(settings, 'here', removeDataOf)).toThrow(DeploymentError);
  });

  it('only with both switches', () => {
    expect(parseDeployment({ stage: 'prod', removable: true }, 'here', 'prod').mayRemoveData).toBe(true);
  });
});

describe('the environment', () => {
  it('names the settings file', () => {
    const file = settingsFile('shop7.json', '{ "stage": "shop7", "scan_limit_gb": 2 }');
    expect(readDeployment({ WINBACK_DEPLOYMENT: file })).toMatchObject({ stage: 'shop7', scan_limit_gb: 2 });
  });

  it('may name none: then deployment.json counts, where there is one', () => {
    expect(readDeployment({}, folder).stage).toBe('dev');
    settingsFile('deployment.json', '{ "stage": "prod" }');
    expect(readDeployment({}, folder).stage).toBe('prod');
  });

  it.each([
    ['a file that is not there', '/nowhere/deployment.json'],
    ['a file that is not JSON', settingsFile('text.json', 'stage: prod')],
  ])('is refused when it names %s', (_, file) => {
    expect(() => readDeployment({ WINBACK_DEPLOYMENT: file })).toThrow(/cannot be read as JSON/);
  });
});

it('all settings are in docs/deploy.md', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const schema = /z\.strictObject\(\{([\s\S]*?)\n\}\);/.exec(read('infra/settings.ts'))?.[1] ?? '';
  const settings = [...schema.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  const documented = [...read('docs/deploy.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(10);
  expect(documented).toEqual(settings);
});
