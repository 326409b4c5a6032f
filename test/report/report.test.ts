import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { tables } from '../../lambdas/lake/contract.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { storedName } from '../../lambdas/lake/table.ts';
import { horizons } from '../../lambdas/lake/tables/retention.ts';
import { runPrefix } from '../../lambdas/lake/zones.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { tablesRead } from '../../lambdas/platform/statement.ts';
import { IncompleteRun } from '../../lambdas/report/errors.ts';
import { report } from '../../lambdas/report/report.ts';
import { languages } from '../../lambdas/wording/language.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { plausibleNight } from './plausible-night.ts';
import { asOf } from './plausible-rows.ts';
import { bodyRows, sectionOf, textOf, unpairedTag, valuesOf } from './read-html.ts';
import { render, reportOf, tile } from './render-report.ts';

const lakes: TestLake[] = [];

afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

async function lakeFor(): Promise<TestLake> {
  const lake = await testLake(isoDate(asOf));
  lakes.push(lake);
  return lake;
}

describe('page', () => {
  it('is one document that needs nothing else, with all tags paired', async () => {
    const { page } = await reportOf();
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|https?:|\bsrc=|\bon[a-z]+="/i);
    expect([...page.matchAll(/url\(([^)]*)\)/g)].every((match) => match[1]?.startsWith('#'))).toBe(true);
    expect(unpairedTag(page)).toBeNull();
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('has unique ids, a target for every link, and a caption or title for every table and drawing', async () => {
    const { page } = await reportOf();
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    for (const [, label] of page.matchAll(/aria-labelledby="([^"]+)"/g)) {
      for (const id of label?.split(' ') ?? []) expect(ids).toContain(id);
    }
    expect(page.match(/<caption>/g)?.length).toBe(page.match(/<table/g)?.length);
    expect(page.match(/<svg[^>]*>\s*<title/g)?.length).toBe(page.match(/<svg/g)?.length);
  });

  it('is the same bytes for the same tables', async () => {
    const lake = await lakeFor();
    const night = await plausibleNight(lake);
    const first = await render(lake, night.input);
    expect(await render(lake, night.input)).toBe(first);
    expect((await reportOf()).page).toBe(first);
  });

  it('escapes hostile text wherever it comes from', async () => {
    const evil = `</td><script>alert("x")</script>' onload='y' & <b>`;
    const { page } = await reportOf({ categories: [evil] }, {});
    expect(page).not.toContain('<script');
    expect(page).not.toContain("' onload='");
    expect(unpairedTag(page)).toBeNull();
    expect(textOf(sectionOf(page, 'customers'))).toContain(evil.replace(/\s+/g, ' '));
  });

  it('reads no table with contact data', () => {
    const folder = new URL('../../lambdas/report/', import.meta.url);
    const statements = readdirSync(folder).filter((file) => file.endsWith('.sql'));
    expect(statements.length).toBeGreaterThan(10);
    for (const file of statements) {
      const read = tablesRead(readFileSync(new URL(file, folder), 'utf8'));
      const personal = tables.filter((table) => table.personal);
      expect(
        personal.filter((table) => read.has(table.name) || read.has(storedName(table))),
        file,
      ).toEqual([]);
    }
  });

  it('names customers by the beginning of their pseudonym and their place on the list', async () => {
    const { page, night } = await reportOf({ buyers: 12 });
    const named = [...page.matchAll(/<abbr class="id" title="([^"]+)">([^<]+)…</g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, key = '', shown = ''] of named) {
      expect(key).toMatch(new RegExp(`^${shown}`));
      expect(night.scores.map((score) => score.customer_key)).toContain(key);
    }
    const rows = bodyRows(sectionOf(page, 'customers'), 'The ');
    const onLists = night.members.filter((member) => member.arm === 'treatment');
    for (const member of onLists) {
      const row = rows.find((each) => each.includes(member.customer_key));
      if (row) expect(row).toContain(`#${member.position}<`);
    }
    expect(rows.filter((row) => /#\d+</.test(row)).length).toBeGreaterThan(0);
  });
});

describe('states', () => {
  it('reads this run alone', async () => {
    const lake = await lakeFor();
    const night = await plausibleNight(lake);
    const other = { ...lake.night.run, runId: 'other' };
    await writeTable(lake.store, horizons, `${runPrefix(horizons, other)}part-00000.parquet`, [
      {
        horizon_days: 7,
        active_window_days: 7,
        is_fixed: true,
        rule: 'of another run',
        gaps_seen: 0,
        gaps_open: 0,
        gap_p50_days: null,
        gap_p80_days: null,
        gap_p90_days: null,
        resurrection_pct: null,
        observed_to_days: 0,
        history_days: 1,
        is_limited_by_history: false,
      },
    ]);
    await lake.engine.register(horizons, other);
    expect(await render(lake, night.input)).not.toContain('of another run');
    const input = { ...night.input, night: { ...night.input.night, run: { ...lake.night.run, runId: 'absent' } } };
    await expect(report(lake, input)).rejects.toThrow(IncompleteRun);
  });

  it('says that there is not enough data, and calls a rank a rank', async () => {
    const { page } = await reportOf({ basis: 'rules' });
    const text = textOf(page);
    expect(text).toContain('There is not enough data for a model yet.');
    expect(text).toContain('212 buyers are fewer than the 500 that a model needs.');
    expect(textOf(sectionOf(page, 'model'))).toContain('Not enough data to test a model');
    expect(textOf(sectionOf(page, 'risk'))).toContain('Rank under the rules');
    expect(text).not.toContain('Probability of being lost');
  });

  it('shows amounts without a code where the currency is unknown', async () => {
    const lake = await lakeFor();
    const night = await plausibleNight(lake);
    const input = { ...night.input, night: { ...night.input.night, currency: 'XXX' } };
    const page = await render(lake, input);
    expect(page).not.toContain('XXX');
    expect(page).not.toContain('¤');
    expect(textOf(tile(page, 'value-at-risk'))).toMatch(/Value at risk \d/);
  });

  it.each(languages)('reads as a whole in %s, with the figures of the tables', async (language) => {
    const { page, night } = await reportOf({}, { shop: { language } });
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    expect(unpairedTag(page)).toBeNull();
    expect(valuesOf(tile(page, 'buyers'))).toEqual([String(night.features.length)]);
  });
});
