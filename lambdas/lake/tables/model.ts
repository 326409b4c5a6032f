import { date, flag, integer, money, optionalDate, optionalReal, optionalText, real, text } from '../column.ts';
import { defineTable } from '../table.ts';

export const models = defineTable({
  name: 'models',
  kind: 'run',
  grain: 'One model that this run trained or used.',
  key: ['model_id'],
  columns: {
    model_id: text('Hash of what the model was trained on and how; names its folder under models/.'),
    basis: text(
      'What scores rest on: blend (of forest and logistic regression), forest, logistic, bgnbd, recency, rfm, or rules where data are too few.',
    ),
    trained_on: date('Day as of which it was trained.'),
    judged_on: date(
      'Day as of which it was trained or last held against a challenger; days until the next are counted from it.',
    ),
    trainer: text('winback or ml-random-forest; empty for rules.'),
    is_champion: flag('The model in force after this run.'),
    verdict: text('promoted, kept, baseline or not_enough_data.'),
    reason: text('Why, as a sentence with its numbers: what it was held against, and what came out.'),
    horizon_days: integer('H of its label.', 'days'),
    rows: integer('Labelled rows it was fitted on.', 'rows'),
    customers: integer('Customers among them.', 'customers'),
    churn_rate_pct: optionalReal('Share of lost among these rows.', 'percent'),
    sample_rate_pct: real('Share of customers sampled for training.', 'percent'),
    is_calibrated: flag('The level of its probabilities is shifted.'),
    level_shift: optionalReal(
      'By how much, in log odds: above 0 more customers are lost than forest and regression say; null where it is not.',
    ),
    level_from: optionalText(
      'What the level is that of: season (of the year before), process (BG/NBD, where no season is known yet), or history (all outcomes known tonight, for a model of an earlier night); null where it is not shifted.',
    ),
    season_tests: integer('Test dates at which a shift to the season was made and judged.', 'dates'),
    process_tests: integer(
      'Test dates at which a shift to the level of the purchase process was made and judged.',
      'dates',
    ),
    judged_with: text(
      'Trainer, trees, depth, leaves and seed of the newest model that it was held against, its own at first; another setting makes a training due.',
    ),
    method: text('The method as it scores, under its name in model_metrics.'),
    undated_refunds_pct: optionalReal(
      'Share of refunds and cancellations without a date of their own, which count from the first export that shows them; null without any, and for rules.',
      'percent',
    ),
  },
});

export const modelMetrics = defineTable({
  name: 'model_metrics',
  kind: 'run',
  grain: 'One metric of one method on one population at one test date of one split.',
  key: ['split', 'method', 'population', 'test_on', 'metric'],
  columns: {
    split: text(
      'walk_forward = past dates, fitted on what was known then; walk_forward_mean = their mean, under the latest; champion = the model in force and its challenger on the same customers; matured = published by an earlier night, its horizon now over.',
    ),
    method: text('What foretold: a way to score, or champion, challenger and difference (challenger − champion).'),
    population: text('all = every buyer; active_h = bought within the last H days.'),
    test_on: date(
      'Date of the test: its outcome is the H days after it. For champion, the latest of the dates pooled.',
    ),
    metric: text(
      'roc_auc, pr_auc, brier, log_loss, base_log_loss (of a constant base rate), level_log_loss (champion only: at the level of loss that came true), calibration_error, lift_10, lift_10_ceiling, retained_lift_10, retained_lift_10_ceiling or base_rate.',
    ),
    value: optionalReal('The figure; null where it cannot be computed.'),
    low: optionalReal('Lower end of its 95 % interval (bootstrap over customers); null where there is none.'),
    high: optionalReal('Upper end of its 95 % interval; null where there is none.'),
    promised: optionalReal(
      'For matured: what the card of the model that foretold gave, as the mean over its test dates; null elsewhere.',
    ),
    rows: integer('Customers tested.', 'customers'),
    lost: integer('Customers among them who were lost.', 'customers'),
    trained_until: optionalDate(
      'Latest snapshot it was fitted on; that label ends on or before test_on. Null where rules foretold.',
    ),
  },
});

export const calibrationCurves = defineTable({
  name: 'calibration_curves',
  kind: 'run',
  grain:
    'One tenth of the customers, by the probability told, of one method on one population at one test date of one split.',
  key: ['split', 'method', 'population', 'test_on', 'bin'],
  columns: {
    split: text('walk_forward or matured, as in model_metrics.'),
    method: text('What foretold.'),
    population: text('all = every buyer; active_h = bought within the last H days.'),
    test_on: date('Date of the test: its outcome is the H days after it.'),
    bin: integer('1 for the tenth with the lowest probabilities, to 10.'),
    customers: integer('Customers in it.', 'customers'),
    mean_probability: real('Mean probability told.'),
    lost_rate: real('Share of them who were lost.'),
  },
});

export const drift = defineTable({
  name: 'drift',
  kind: 'run',
  grain: 'One feature, or the score, of tonight against what the model in force was trained on.',
  key: ['feature'],
  columns: {
    feature: text('Feature as the model sees it, or churn_probability for the score.'),
    verdict: text(
      'steady, seasonal (as far from the night of training as an alarm, but like the same season before), warned or alarm.',
    ),
    psi: real(
      'Population stability index of tonight against the buyers of the night of training, in ten quantile bins.',
    ),
    psi_season: optionalReal(
      'The same against the training snapshot of the same season (within 45 days of the calendar day); null without one.',
    ),
    psi_labelled: real(
      'The same against all labelled rows of training: how far the model looks beyond what it learned.',
    ),
    mean_then: real('Mean on the night of training.'),
    mean_now: real('Mean tonight.'),
    rows_then: integer('Buyers looked at then.', 'customers'),
    rows_now: integer('Buyers looked at tonight.', 'customers'),
    trained_on: date('Night of training.'),
  },
});

export const churnScores = defineTable({
  name: 'churn_scores',
  kind: 'run',
  grain: 'One buyer: the risk of no purchase in the H days after as_of.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    churn_probability: real(
      'Probability of no purchase in the H days after as_of; for basis rules a rank, not a probability.',
    ),
    basis: text('What the score rests on: blend, forest, logistic, bgnbd, recency, rfm or rules.'),
    risk_band: text('high, medium or low.'),
    band_from: real('Lowest probability of the band.'),
    band_to: real('Probability below which the band ends.'),
    spend_if_active: money('Expected net spend in the H days of somebody who buys.', 'reporting currency'),
    value_at_risk: money('churn_probability × spend_if_active.', 'reporting currency'),
    p_alive: optionalReal('BG/NBD probability of being alive; null where the fit is degenerate or missing.'),
    expected_orders: optionalReal('BG/NBD expected purchase days in the H days after as_of.', 'days'),
    average_gap_days: optionalReal('Mean days between purchase days; null after one.', 'days'),
    expected_next_order_on: optionalDate('last_order_on + average_gap_days: when the next order is, or was, due.'),
    reason_1_code: optionalText('What moves the score most, as a code of wording/; null where nothing does.'),
    reason_1_value: optionalReal('The number that its sentence names.'),
    reason_1_points: optionalReal(
      'What it adds to the probability, against the average customer.',
      'percentage points',
    ),
    reason_2_code: optionalText('What moves the score second most, as a code of wording/; null where nothing does.'),
    reason_2_value: optionalReal('The number that its sentence names.'),
    reason_2_points: optionalReal(
      'What it adds to the probability, against the average customer.',
      'percentage points',
    ),
    reason_3_code: optionalText('What moves the score third most, as a code of wording/; null where nothing does.'),
    reason_3_value: optionalReal('The number that its sentence names.'),
    reason_3_points: optionalReal(
      'What it adds to the probability, against the average customer.',
      'percentage points',
    ),
    model_id: text('The model.'),
    horizon_days: integer('H.', 'days'),
  },
});
