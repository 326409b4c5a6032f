import type { ReportLabels } from '../report-labels.ts';

export const definitions: ReportLabels['definitions'] = {
  context:
    'For context: claims of trade articles. They are not figures of this shop, and none was measured by winback.',
  contextColumns: { figure: 'Figure', claim: 'Claim', source: 'Source' },
  terms: [
    ['Purchase', 'an order with a positive net amount that is not cancelled, failed, pending or a test'],
    ['Retained', 'customers active at the start of a period and at its end, ÷ those active at the start (B)'],
    ['Textbook CRR', '(E − N) ÷ B: it counts customers who came back as retained and can pass 100%'],
    ['Won back', 'active at the end of a period, not at its start, and not new'],
    ['Value at risk', 'risk × the net spend expected of the customer over the horizon, if the customer buys'],
    ['R, F, M', 'rank of recency, frequency and monetary value in fifths; V is the mean of F and M, rounded up'],
  ],
  metrics: 'Figures of the shop',
  metricColumns: { metric: 'Figure', value: 'Value', definition: 'Definition', window: 'Window' },
  run: (run, model) => `Run ${run}, model ${model}.`,
};
