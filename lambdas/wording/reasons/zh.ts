import type { ReasonSentences } from '../reasons.ts';

export const reasons: ReasonSentences = {
  days_since_last_order: (n, say) => (n === 0 ? '在统计的最后一天刚下过单。' : `已有${say.days(n)}未下单。`),
  overdue_for_own_rhythm: (n, say) =>
    n >= 1
      ? `已超期：沉默时间是平常下单间隔的 ${say.decimal(n)} 倍。`
      : `尚未到期：距平常下单间隔仅过去 ${say.percent(n * 100, 0)}。`,
  one_time_buyer: (n, say) => (n === 0 ? '刚刚首次购买。' : `只买过一次，在${say.days(n)}前。`),
  few_orders: (n, say) => `至今仅有 ${say.whole(n)} 笔订单。`,
  many_orders: (n, say) => `常客：至今已有 ${say.whole(n)} 笔订单。`,
  recent_orders: (n, say) => (n === 0 ? '最近 90 天没有订单。' : `最近 90 天有 ${say.whole(n)} 笔订单。`),
  slowing_down: (n, say) => `购买放缓：最近 90 天的订单比之前 90 天少 ${say.percent(Math.abs(n), 0)}。`,
  speeding_up: (n, say) => `购买加快：最近 90 天的订单比之前 90 天多 ${say.percent(Math.abs(n), 0)}。`,
  low_spend: (n, say) => `至今仅消费 ${say.amount(n)}。`,
  high_spend: (n, say) => `至今已消费 ${say.amount(n)}。`,
  refunds: (n, say) => (n === 0 ? '从未退款。' : `至今退款 ${say.whole(n)} 次。`),
  short_tenure: (n, say) => (n === 0 ? '新客户：在统计的最后一天首次下单。' : `新客户：首次下单在${say.span(n)}前。`),
  long_tenure: (n, say) => `成为客户已有${say.span(n)}。`,
  same_season_last_year: (n, say) => (n === 0 ? '去年同期没有下单。' : `去年同期有 ${say.whole(n)} 笔订单。`),
  discounts: (n, say) => (n === 0 ? '一直以全价购买。' : `${say.percent(n, 0)} 的订单使用了折扣。`),
  category: (n, say) => `购买过 ${say.whole(n)} 个品类。`,
  regular_rhythm: (n, say) => `平常每${say.days(n)}下一次单。`,
};
