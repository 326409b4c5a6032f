import type { Names } from '../names.ts';

export const names: Names = {
  segments: {
    champions: '最佳客户',
    loyal: '忠诚客户',
    potential_loyalist: '潜在忠诚客户',
    new: '新客户',
    promising: '有潜力',
    needs_attention: '需要关注',
    about_to_sleep: '即将沉睡',
    at_risk: '有流失风险',
    cant_lose_them: '不可流失',
    hibernating: '沉睡',
    lost: '已流失',
  },
  campaigns: {
    win_back_high: { name: '召回：价值最高', hint: '本周内逐一联系。' },
    win_back_medium: { name: '召回：值得给优惠', hint: '发送短期有效的优惠。' },
    win_back_low: { name: '召回：轻轻提醒', hint: '发送不带折扣的提醒。' },
    second_order: { name: '第二单', hint: '只买过一次：给他们第二次购买的理由。' },
  },
  offers: {
    personal_call: '专人致电或致信',
    coupon_15: '85 折优惠券',
    free_shipping: '免运费',
    reminder: '提醒，不打折',
  },
  bands: { high: '高', medium: '中', low: '低' },
  methods: {
    blend: '随机森林与逻辑回归',
    blend_calibrated: '随机森林与逻辑回归（含季节）',
    forest: '随机森林',
    logistic: '逻辑回归',
    bgnbd: 'BG/NBD 模型',
    recency: '仅看最近购买',
    rfm: 'RFM 评分',
    rules: '规则',
    base_rate: '人人风险相同',
    forest_ml_random_forest: 'ml-random-forest 的随机森林',
    forest_winback: 'winback 的随机森林',
  },
};
