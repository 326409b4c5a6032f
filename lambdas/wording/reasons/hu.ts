import type { ReasonSentences } from '../reasons.ts';

export const reasons: ReasonSentences = {
  days_since_last_order: (n, say) => (n === 0 ? 'A legutolsó napon rendelt.' : `${say.whole(n)} napja nem rendelt.`),
  overdue_for_own_rhythm: (n, say) =>
    n >= 1
      ? `Késik: a szokásos rendelési köz ${say.decimal(n)}-szerese óta hallgat.`
      : `Még nem esedékes: a szokásos rendelési köznek csak ${say.percent(n * 100, 0)}-a telt el.`,
  one_time_buyer: (n, say) => (n === 0 ? 'Most vásárolt először.' : `Egyszer vásárolt, ${say.whole(n)} napja.`),
  few_orders: (n, say) => `Eddig csak ${say.whole(n)} rendelése volt.`,
  many_orders: (n, say) => `Gyakori vásárló: eddig ${say.whole(n)} rendelés.`,
  recent_orders: (n, say) =>
    n === 0 ? 'Az elmúlt 90 napban nem rendelt.' : `${say.whole(n)} rendelés az elmúlt 90 napban.`,
  slowing_down: (n, say) =>
    `Lassul: az elmúlt 90 napban ${say.percent(Math.abs(n), 0)}-kal kevesebb rendelés, mint az azt megelőző 90 napban.`,
  speeding_up: (n, say) =>
    `Gyorsul: az elmúlt 90 napban ${say.percent(Math.abs(n), 0)}-kal több rendelés, mint az azt megelőző 90 napban.`,
  low_spend: (n, say) => `Eddigi költése mindössze ${say.amount(n)}.`,
  high_spend: (n, say) => `Eddigi költése ${say.amount(n)}.`,
  refunds: (n, say) => (n === 0 ? 'Még nem volt visszatérítése.' : `Eddig ${say.whole(n)} visszatérítése volt.`),
  short_tenure: (n, say) =>
    n === 0 ? 'Új: a legutolsó napon rendelt először.' : `Új: első rendelése óta ${say.span(n)} telt el.`,
  long_tenure: (n, say) => `Első rendelése óta ${say.span(n)} telt el.`,
  same_season_last_year: (n, say) =>
    n === 0 ? 'Tavaly ilyenkor nem rendelt.' : `Tavaly ilyenkor ${say.whole(n)} rendelése volt.`,
  discounts: (n, say) =>
    n === 0 ? 'Mindig teljes áron vásárol.' : `Kedvezményes rendelések aránya: ${say.percent(n, 0)}.`,
  category: (n, say) => `${say.whole(n)} kategóriából vásárol.`,
  regular_rhythm: (n, say) => `Két rendelése között általában ${say.days(n)} telik el.`,
};
