import { afterEach, describe, expect, it } from 'vitest';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { campaignResults } from '../../lambdas/lake/tables/campaigns.ts';
import { campaignResultLabels, campaignVerdicts } from '../../lambdas/wording/campaign-results.ts';
import { type Language, languages } from '../../lambdas/wording/language.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { plausibleNight } from './plausible-night.ts';
import { asOf } from './plausible-rows.ts';
import { bodyRows, sectionOf, textOf, unpairedTag, valuesOf } from './read-html.ts';
import { render } from './render-report.ts';

const lakes: TestLake[] = [];
afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

type Result = TableRow<typeof campaignResults>;

const nothing: Result = {
  campaign: 'all',
  verdict: 'cannot_tell_yet',
  reason: 'Nobody has entered yet.',
  window_days: 30,
  first_entered_on: null,
  last_entered_on: null,
  treated: 0,
  controls: 0,
  treated_reactivated: 0,
  controls_reactivated: 0,
  lift_points: null,
  lift_low: null,
  lift_high: null,
  relative_lift_pct: null,
  treated_revenue: 0n,
  controls_revenue: 0n,
  revenue_lift: null,
  revenue_lift_low: null,
  revenue_lift_high: null,
  incremental_revenue: null,
  cost: 0n,
  incremental_profit: null,
  sample_ratio_p: null,
  contaminated: 0,
  smallest_lift_points: null,
  still_open: 0,
};

const worked: Result = {
  ...nothing,
  campaign: 'win_back_high',
  verdict: 'worked',
  reason: 'Because of the figures.',
  treated: 2710,
  controls: 290,
  treated_reactivated: 390,
  controls_reactivated: 29,
  lift_points: 4.39,
  lift_low: 0.21,
  lift_high: 7.6,
  relative_lift_pct: 43.9,
  revenue_lift: 1.8,
  revenue_lift_low: -0.4,
  revenue_lift_high: 4.1,
  incremental_revenue: 4878_0000n,
  cost: 650_0000n,
  incremental_profit: 1301_2000n,
  sample_ratio_p: 0.6,
  contaminated: 3,
  smallest_lift_points: 5.6,
  still_open: 12,
};

const results: readonly Result[] = [
  { ...worked, campaign: 'all', treated: 3410 },
  {
    ...worked,
    campaign: 'summer_sale',
    verdict: 'unfit',
    treated: 300,
    lift_points: -1.25,
    reason: 'The draw <is> off.',
  },
  {
    ...worked,
    campaign: 'second_order',
    verdict: 'cannot_tell_yet',
    treated: 400,
    lift_points: -2.5,
    lift_low: -9,
    lift_high: 6,
  },
  { ...nothing, campaign: 'vip' },
  worked,
];

async function sectionWith(rows: readonly Result[], language: Language = 'en'): Promise<string> {
  const lake = await testLake(isoDate(asOf), { shop: { language } });
  lakes.push(lake);
  const night = await plausibleNight(lake, { buyers: 40 });
  await lake.put(campaignResults, rows);
  const page = await render(lake, night.input);
  expect(unpairedTag(page)).toBeNull();
  return sectionOf(page, 'results');
}

describe('campaign results in the report', () => {
  it('stand with the pool first, then by customers judged, and without campaigns that nobody entered', async () => {
    const section = await sectionWith(results);
    const rows = bodyRows(section, 'What the campaigns have brought').map(textOf);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toContain('All campaigns together');
    expect(rows[1]).toContain('Win back');
    expect(rows[3]).toContain('summer_sale');
    expect(textOf(section)).not.toContain('VIP');
  });

  it('carry the figures of the table', async () => {
    const section = await sectionWith(results);
    const row = bodyRows(section, 'What the campaigns have brought')[1]!;
    expect(valuesOf(row)).toEqual(['2710', '290', '4.39', '1.8000', '1301.2000', '5.6']);
    const text = textOf(row);
    expect(text).toContain('390 bought');
    expect(text).toContain('29 bought');
    expect(text).toContain('+4.4 pts');
    expect(text).toContain('+0.2 to +7.6');
    expect(text).toContain('+44% against control');
    expect(text).toContain('have been in both arms: 3');
    expect(text).toContain('still running: 12');
    expect(textOf(section)).toContain('Because of the figures.');
  });

  it('say plainly what cannot be told, and draw no lift of arms that are unfit', async () => {
    const section = await sectionWith(results);
    expect(textOf(section)).toContain('cannot tell yet');
    expect(textOf(section)).toContain('The draw <is> off.');
    const drawn = [...section.matchAll(/<g><title>([^<]*)</g)].map(([, title]) => title);
    expect(drawn).toHaveLength(2 * 3);
    expect(drawn.join()).not.toContain('summer_sale');
    expect(drawn[0]).toBe('All campaigns together: +4.4 pts (+0.2 to +7.6)');
    expect(section).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('are one sentence where there is nothing to judge, or no table of them', async () => {
    const running = { ...nothing, campaign: 'vip', still_open: 9 };
    const section = textOf(await sectionWith([{ ...nothing, reason: 'Nothing is over yet.' }, running]));
    expect(section).toContain('Nothing is over yet.');
    expect(section).not.toContain('What the campaigns have brought');
    expect(textOf(await sectionWith([]))).toContain('No campaign yet.');
  });

  it.each(languages)('are worded in %s', async (language) => {
    const words = campaignResultLabels(language);
    const text = textOf(await sectionWith(results, language));
    expect(text).toContain(words.caption);
    expect(text).toContain(words.all);
    for (const verdict of ['worked', 'cannot_tell_yet', 'unfit'] as const)
      expect(text).toContain(words.verdicts[verdict]);
    expect(new Set(campaignVerdicts.map((verdict) => words.verdicts[verdict])).size).toBe(campaignVerdicts.length);
  });
});
