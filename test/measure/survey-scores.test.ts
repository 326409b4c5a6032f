import { afterEach, describe, expect, test } from 'vitest';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { identities, orders, runInputs } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { customerFeedback, surveyScores as scoresTable, surveyResponses } from '../../lambdas/lake/tables/surveys.ts';
import { ingestKey, runPrefix } from '../../lambdas/lake/zones.ts';
import { surveyScores } from '../../lambdas/measure/survey-scores.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind, runParameters, sqlFile } from '../../lambdas/platform/statement.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

const feedbackSql = sqlFile(import.meta.url, '../../lambdas/publish/customer-feedback.sql');

const lakes: TestLake[] = [];
afterEach(async () => {
  for (const lake of lakes.splice(0)) await lake.close();
});

interface Answer {
  readonly ingest?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly on: string;
  readonly at?: string;
  readonly nps?: number;
  readonly csat?: number;
  readonly theme?: string;
}

type Response = TableRow<typeof surveyResponses>;

/** A lake with answers, delivered in the files that they name, and with people who bought. */
async function lakeWith(
  answers: readonly Answer[],
  { buyers = [] as string[], linked = [] as (readonly [string, string])[] } = {},
): Promise<TestLake> {
  const lake = await testLake('2024-06-30');
  lakes.push(lake);
  const ingests = [...new Set(answers.map(({ ingest = 'first' }) => ingest))];
  const rows = answers.flatMap((answer, i) =>
    (['csat', 'nps'] as const).flatMap((question): Response[] => {
      const score = answer[question];
      if (score === undefined) return [];
      return [
        {
          ingest_id: answer.ingest ?? 'first',
          record_no: i + 1,
          email_key: answer.email ? keyOf(answer.email) : null,
          phone_key: answer.phone ? keyOf(answer.phone) : null,
          platform_key: null,
          answered_at: BigInt(Date.parse(answer.at ?? `${answer.on}T00:00:00Z`)) * 1000n,
          answered_on: day(answer.on),
          question,
          score,
          theme: answer.theme ?? null,
        },
      ];
    }),
  );
  for (const ingest of [...ingests, 'not an input']) {
    const told = ingest === 'not an input' ? rows.map((row) => ({ ...row, ingest_id: ingest, score: 0 })) : rows;
    const own = told.filter((row) => row.ingest_id === ingest);
    await writeTable(lake.store, surveyResponses, ingestKey(surveyResponses, ingest), own);
  }
  const inputs = ingests.map((ingest_id, i) => ({
    ingest_id,
    input_rank: i + 1,
    file_name: `${ingest_id}.csv`,
    file_sha256: ingest_id,
    source: 'shop',
  }));
  await lake.store.write(`${runPrefix(runInputs, lake.night.run)}inputs.json`, encodeJsonRows(runInputs, inputs));
  await lake.engine.register(runInputs, lake.night.run);
  const map = linked.map(([key, person]) => ({ identity_key: keyOf(key), customer_key: keyOf(person) }));
  await lake.put(identities, map);
  const values = Object.fromEntries(
    Object.entries(orders.columns).map(([name, { type, nullable }]) => [
      name,
      nullable
        ? null
        : type === 'money' || type === 'timestamp'
          ? 0n
          : type === 'boolean'
            ? true
            : type === 'varchar'
              ? 'x'
              : 0,
    ]),
  ) as TableRow<typeof orders>;
  await lake.put(
    orders,
    buyers.map((buyer, i) => ({ ...values, order_id: String(i), customer_key: keyOf(buyer) })),
  );
  return lake;
}

async function feedbackOf(lake: TestLake) {
  await lake.engine.materialise(feedbackSql(runParameters(lake.night.run)), customerFeedback, lake.night.run);
  return rowsOf(lake.engine, bind('feedback', 'select * from customer_feedback_runs', {}), customerFeedback);
}

describe('customer_feedback', () => {
  const only = async (answers: readonly Answer[], more = {}) => {
    const rows = await feedbackOf(await lakeWith(answers, more));
    expect(rows).toHaveLength(1);
    return rows[0]!;
  };

  test('is the latest answer to each question, and a complaint where the latest of all is a detractor’s', async () => {
    expect(
      await only([
        { email: 'anna', on: '2024-05-01', nps: 2, theme: 'Price' },
        { email: 'anna', on: '2024-06-01', nps: 9, theme: 'Taste' },
        { email: 'anna', on: '2024-06-02', csat: 2 },
        { email: 'anna', on: '2024-07-01', nps: 0, csat: 1 },
      ]),
    ).toEqual({
      customer_key: keyOf('anna'),
      nps_on: day('2024-06-01'),
      nps_score: 9,
      nps_theme: 'Taste',
      csat_on: day('2024-06-02'),
      csat_score: 2,
      csat_theme: null,
      complained_on: day('2024-06-02'),
    });
  });

  test.each<[string, Answer[], string | null]>([
    ['a detractor of 6', [{ email: 'anna', on: '2024-05-01', nps: 6 }], '2024-05-01'],
    ['a passive of 7', [{ email: 'anna', on: '2024-05-01', nps: 7 }], null],
    ['a csat of 2', [{ email: 'anna', on: '2024-05-01', csat: 2 }], '2024-05-01'],
    ['a csat of 3', [{ email: 'anna', on: '2024-05-01', csat: 3 }], null],
    ['either of one day', [{ email: 'anna', on: '2024-05-01', nps: 9, csat: 1 }], '2024-05-01'],
    [
      'not once they are content, whichever the question',
      [
        { email: 'anna', on: '2024-05-01', nps: 0 },
        { email: 'anna', on: '2024-05-02', csat: 5 },
      ],
      null,
    ],
  ])('complained: %s', async (_, answers, expected) => {
    expect((await only(answers)).complained_on).toBe(expected === null ? null : day(expected));
  });

  test('on one day the later time counts, then the later delivery, then the later record', async () => {
    const at = '2024-05-01T10:00:00Z';
    const on = '2024-05-01';
    const score = async (answers: Answer[]) => (await only(answers)).nps_score;
    expect(
      await score([
        { email: 'anna', on, at, nps: 1 },
        { email: 'anna', on, nps: 9 },
      ]),
    ).toBe(1);
    expect(
      await score([
        { email: 'anna', on, at, nps: 1 },
        { ingest: 'second', email: 'anna', on, at, nps: 5 },
        { email: 'anna', on, at, nps: 9 },
      ]),
    ).toBe(5);
    expect(
      await score([
        { email: 'anna', on, at, nps: 1 },
        { email: 'anna', on, at, nps: 9 },
      ]),
    ).toBe(9);
  });

  test('is of the person who bought, by whichever key, and of nobody where an answer has none', async () => {
    const rows = await feedbackOf(
      await lakeWith(
        [
          { email: 'new address', phone: 'phone of bela', on: '2024-05-01', nps: 9 },
          { email: 'old address', on: '2024-05-02', nps: 4 },
          { on: '2024-05-02', nps: 0 },
        ],
        {
          buyers: ['bela'],
          linked: [
            ['phone of bela', 'bela'],
            ['old address', 'bela'],
          ],
        },
      ),
    );
    expect(rows).toMatchObject([{ customer_key: keyOf('bela'), nps_score: 4, complained_on: day('2024-05-02') }]);
  });
});

describe('survey_scores', () => {
  const nothing = Object.fromEntries(
    Object.entries(customerFeatures.columns).map(([name, { type, nullable }]) => [
      name,
      nullable ? null : type === 'money' ? 0n : type === 'varchar' ? 'x' : 0,
    ]),
  ) as TableRow<typeof customerFeatures>;

  async function scoresOf(feedback: readonly Partial<TableRow<typeof customerFeedback>>[], buyers: object[] = []) {
    const lake = await testLake('2024-06-30');
    lakes.push(lake);
    const empty = { nps_on: null, nps_score: null, nps_theme: null, csat_on: null, csat_score: null, csat_theme: null };
    await lake.put(
      customerFeedback,
      feedback.map((row, i) => ({ customer_key: `c${i}`, ...empty, complained_on: null, ...row })),
    );
    await lake.put(
      customerFeatures,
      buyers.map((row) => ({ ...nothing, ...row })),
    );
    const written = await surveyScores(lake, lake.night);
    const rows = await rowsOf(lake.engine, bind('scores', 'select * from survey_scores_runs', {}), scoresTable);
    expect(rows).toHaveLength(written);
    return rows;
  }

  const many = <T>(count: number, row: T): T[] => Array.from({ length: count }, () => row);

  test('60 promoters, 25 passives and 15 detractors are an NPS of 45', async () => {
    const [all] = await scoresOf([
      ...many(60, { nps_score: 9 }),
      ...many(25, { nps_score: 7 }),
      ...many(15, { nps_score: 6 }),
    ]);
    expect(all).toMatchObject({
      question: 'nps',
      group_kind: 'all',
      responses: 100,
      promoters: 60,
      passives: 25,
      detractors: 15,
      score: 45,
    });
    expect(all!.low).toBeCloseTo(29.3431, 3);
    expect(all!.high).toBeCloseTo(58.0355, 3);
  });

  test('by segment, month of the first purchase and theme, and apart for people who have not bought', async () => {
    const rows = await scoresOf(
      [
        { nps_score: 10, nps_theme: 'Taste', csat_score: 5 },
        { nps_score: 0, nps_theme: 'Price' },
        { nps_score: 8, nps_theme: 'Price' },
      ],
      [
        { customer_key: 'c0', segment: 'champions', first_order_on: day('2023-02-05') },
        { customer_key: 'c1', segment: 'lost', first_order_on: day('2023-02-25') },
      ],
    );
    expect(rows.map((row) => [row.question, row.group_kind, row.group_name, row.responses, row.score])).toEqual([
      ['csat', 'all', 'all', 1, 100],
      ['csat', 'cohort', '2023-02', 1, 100],
      ['csat', 'segment', 'champions', 1, 100],
      ['nps', 'all', 'all', 3, 0],
      ['nps', 'cohort', '2023-02', 2, 0],
      ['nps', 'cohort', 'unknown', 1, 0],
      ['nps', 'segment', 'champions', 1, 100],
      ['nps', 'segment', 'lost', 1, -100],
      ['nps', 'segment', 'unknown', 1, 0],
      ['nps', 'theme', 'Price', 2, -50],
      ['nps', 'theme', 'Taste', 1, 100],
    ]);
  });

  test('are none where nobody answered', async () => {
    expect(await scoresOf([])).toEqual([]);
  });
});
