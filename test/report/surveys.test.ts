import { afterEach, expect, test } from 'vitest';
import { isoDate } from '../../lambdas/lake/day.ts';
import { surveyScores } from '../../lambdas/lake/tables/surveys.ts';
import { netPromoterScore } from '../../lambdas/statistics/survey-score.ts';
import { languages } from '../../lambdas/wording/language.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { plausibleNight } from './plausible-night.ts';
import { asOf } from './plausible-rows.ts';
import { bodyRows, sectionOf, textOf, unpairedTag } from './read-html.ts';
import { render, reportOf } from './render-report.ts';

const lakes: TestLake[] = [];
afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

const row = (group_kind: string, group_name: string, promoters: number, passives: number, detractors: number) => {
  const responses = promoters + passives + detractors;
  const score = netPromoterScore(responses, promoters, detractors);
  return { question: 'nps', group_kind, group_name, responses, promoters, passives, detractors, ...score };
};

async function pageWith(rows: readonly ReturnType<typeof row>[], language = 'en'): Promise<string> {
  const lake = await testLake(isoDate(asOf), { shop: { language } });
  lakes.push(lake);
  const night = await plausibleNight(lake);
  await lake.put(surveyScores, rows);
  return render(lake, night.input);
}

test('a report without answers has neither the section nor a link to it', async () => {
  const { page } = await reportOf();
  expect(page).not.toContain('id="surveys"');
  expect(page).not.toContain('#surveys');
});

test('shows the score of all, of segments, months and themes, with counts and interval', async () => {
  const page = await pageWith([
    row('all', 'all', 60, 25, 15),
    row('segment', 'champions', 30, 5, 0),
    row('segment', 'unknown', 1, 0, 0),
    row('cohort', '2011-02', 10, 5, 5),
    row('theme', '<img src=x onerror=alert(1)>', 1, 1, 8),
  ]);
  expect(unpairedTag(page)).toBeNull();
  expect(page).toContain('href="#surveys"');
  const section = sectionOf(page, 'surveys');
  expect(section).not.toContain('<img');
  const rows = bodyRows(section, 'Net Promoter Score').map(
    (markup) => markup.match(/<(?:th|td)[^>]*>.*?<\/(?:th|td)>/gs)?.map((cell) => textOf(cell).trim()) ?? [],
  );
  expect(rows[0]).toEqual(['All who answered', '100', '60', '25', '15', '45.0', '29.3 – 58.0']);
  expect(rows.map(([name]) => name)).toEqual([
    'All who answered',
    'Segment: Champions',
    'Segment: not known from orders',
    'First purchase: 2011-02',
    expect.stringMatching(/^Theme: /),
  ]);
});

test.each(languages)('is written in %s', async (language) => {
  const section = sectionOf(await pageWith([row('all', 'all', 60, 25, 15)], language), 'surveys');
  expect(section).toContain('NPS');
  expect(section).not.toMatch(/undefined|\[object/);
});
