import type { ReportLabels } from '../report-labels.ts';

export const definitions: ReportLabels['definitions'] = {
  context: '背景参考：行业文章中的说法，不是本店的数据，也不是 winback 测得的。',
  contextColumns: { figure: '数字', claim: '说法', source: '来源' },
  terms: [
    ['购买', '净额为正，且未取消、未失败、非待处理、非测试的订单'],
    ['留存', '期初和期末都活跃的客户 ÷ 期初活跃的客户 (B)'],
    ['教科书 CRR', '(E − N) ÷ B：把回流客户算作留存，可能超过 100%'],
    ['回流', '期末活跃、期初不活跃、且不是新客'],
    ['风险金额', '风险 × 客户若购买时在该期间的预期净消费'],
    ['R、F、M', '最近购买、频次、金额的五等分排名；V 为 F 与 M 的平均并向上取整'],
  ],
  metrics: '本店数字',
  metricColumns: { metric: '指标', value: '数值', definition: '定义', window: '时间窗' },
  run: (run, model) => `运行 ${run}，模型 ${model}。`,
};
