import { count, type RowOf, text } from '../lake/column.ts';
import type { TableRow } from '../lake/table.ts';
import { surveyScores as surveyScoresTable } from '../lake/tables/surveys.ts';
import { runPrefix } from '../lake/zones.ts';
import type { Night } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeTable } from '../platform/parquet.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { netPromoterScore, satisfiedShare } from '../statistics/survey-score.ts';

const surveyScoresSql = sqlFile(import.meta.url, './survey-scores.sql');

const tally = {
  columns: {
    question: text('nps or csat.'),
    group_kind: text('all, segment, cohort or theme.'),
    group_name: text('Name of the group.'),
    responses: count('People.'),
    promoters: count('People.'),
    detractors: count('People.'),
  },
  key: ['question', 'group_kind', 'group_name'],
} as const;

function scoreRow(row: RowOf<typeof tally.columns>): TableRow<typeof surveyScoresTable> {
  const { question, responses, promoters, detractors } = row;
  const { score, low, high } =
    question === 'nps' ? netPromoterScore(responses, promoters, detractors) : satisfiedShare(responses, promoters);
  return { ...row, passives: responses - promoters - detractors, score, low, high };
}

/**
 * Scores the surveys as of the night: everybody with their latest answer to each question, for all, each segment, each
 * month of first purchase and each theme. Writes `survey_scores` once, without rows where nobody was asked.
 * @returns how many scores there are
 */
export async function surveyScores({ engine, store }: Context, { run }: Night): Promise<number> {
  const tallies = await rowsOf(engine, surveyScoresSql(runParameters(run)), tally);
  const rows = tallies.map(scoreRow);
  await writeTable(store, surveyScoresTable, `${runPrefix(surveyScoresTable, run)}part-00000.parquet`, rows);
  await engine.register(surveyScoresTable, run);
  return rows.length;
}
