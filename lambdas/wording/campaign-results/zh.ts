import type { CampaignResultLabels, ComparedFigures } from '../campaign-results.ts';

const compared = ({ treatedRate, controlRate }: ComparedFigures): string =>
  `已联系者中 ${treatedRate} 购买，对照组中 ${controlRate} 购买`;

const interval = ({ lift, low, high }: ComparedFigures): string =>
  `相差 ${lift} 个百分点（95% 区间：${low} 至 ${high}）`;

export const labels: CampaignResultLabels = {
  caption: '各活动的成效',
  note: (days) => `进入活动后 ${days}内购买的客户：已联系者与对照组相比。每人只计一次，按进入时所在的组计算。`,
  none: '还没有活动。',
  all: '全部活动合计',
  verdicts: {
    worked: '有效',
    harmed: '有害',
    no_difference_seen: '未见差异',
    cannot_tell_yet: '尚无法判断',
    unfit: '不可用',
  },
  columns: {
    campaign: '活动',
    verdict: '结论',
    treated: '已联系',
    controls: '对照组',
    lift: '提升',
    revenue: '每位客户的收入',
    profit: '毛利减成本',
    smallest: '可见的最小提升',
  },
  points: (points) => `${points} 个百分点`,
  bought: (customers) => `${customers} 人购买`,
  relative: (share) => `相对对照组 ${share}`,
  range: (low, high) => `${low} 至 ${high}`,
  cost: (cost) => `成本 ${cost}`,
  contaminated: (customers) => `曾在两个组中：${customers}`,
  open: (episodes) => `仍在进行：${episodes}`,
  chart: {
    title: '各活动的提升',
    note: '圆点：提升。线段：95% 区间。线段跨过 0 时，可能只是偶然。',
    axis: '百分点，已联系 − 对照组',
  },
  reasons: {
    worked: (figures) => `${compared(figures)}：${interval(figures)}。`,
    harmed: (figures) => `${compared(figures)}：${interval(figures)}。联系反而使客户少买。`,
    noDifferenceSeen: (figures) =>
      `${compared(figures)}：${interval(figures)}。若提升达到 ${figures.smallest} 个百分点，五次中有四次能看出来。`,
    tooFew: (figures, countedOn, needed) =>
      [
        `${compared(figures)}：${interval(figures)}。`,
        `已联系 ${figures.treated} 人、对照组 ${figures.controls} 人，提升达到 ${figures.smallest} 个百分点才看得出来。`,
        ...(needed === null ? [] : [`要看出 ${countedOn} 个百分点，需要 ${needed} 位客户。`]),
      ].join(''),
    nobodyEntered: '还没有人进入。',
    nothingOver: (episodes, days) => `还没有人满 ${days}；仍在进行：${episodes}。`,
    oneArm: (treated, controls) => `已联系 ${treated} 人，对照组 ${controls} 人：有一组为空，无从比较。`,
    unfit: (controls, customers, expected) =>
      `${customers} 位客户中有 ${controls} 位在对照组，而抽样应为 ${expected} 位：两组与抽样不符，无法比较。`,
  },
};
