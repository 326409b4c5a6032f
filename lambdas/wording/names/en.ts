import type { Names } from '../names.ts';

export const names: Names = {
  segments: {
    champions: 'Champions',
    loyal: 'Loyal',
    potential_loyalist: 'Could become loyal',
    new: 'New',
    promising: 'Promising',
    needs_attention: 'Need attention',
    about_to_sleep: 'About to doze off',
    at_risk: 'At risk',
    cant_lose_them: 'Can’t lose them',
    hibernating: 'Dormant',
    lost: 'Lost',
  },
  campaigns: {
    win_back_high: { name: 'Win back: most at stake', hint: 'Speak to them one by one, before the week is over.' },
    win_back_medium: { name: 'Win back: worth an offer', hint: 'Send an offer that is good for a short time.' },
    win_back_low: { name: 'Win back: a gentle nudge', hint: 'Send a reminder that costs nothing.' },
    second_order: { name: 'Second order', hint: 'Bought once: give them a reason for the second time.' },
  },
  offers: {
    personal_call: 'Personal call or letter',
    coupon_15: 'Coupon, 15% off',
    free_shipping: 'Free shipping',
    reminder: 'Reminder, no discount',
  },
  bands: { high: 'High', medium: 'Medium', low: 'Low' },
  methods: {
    blend: 'Forest and logistic regression',
    blend_calibrated: 'Forest and logistic regression, with season',
    forest: 'Random forest',
    logistic: 'Logistic regression',
    bgnbd: 'BG/NBD (buy till you die)',
    recency: 'Recency alone',
    rfm: 'RFM score',
    rules: 'Rules',
    base_rate: 'Same risk for everybody',
    forest_ml_random_forest: 'Random forest of ml-random-forest',
    forest_winback: 'Random forest of winback',
  },
};
