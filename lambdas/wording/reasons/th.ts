import type { ReasonSentences } from '../reasons.ts';

export const reasons: ReasonSentences = {
  days_since_last_order: (n, say) => (n === 0 ? 'สั่งซื้อในวันล่าสุด' : `ไม่ได้สั่งซื้อมา ${say.days(n)}`),
  overdue_for_own_rhythm: (n, say) =>
    n >= 1
      ? `เลยกำหนด: เงียบไปนาน ${say.decimal(n)} เท่าของระยะห่างปกติระหว่างคำสั่งซื้อ`
      : `ยังไม่ถึงกำหนด: ผ่านไปเพียง ${say.percent(n * 100, 0)} ของระยะห่างปกติระหว่างคำสั่งซื้อ`,
  one_time_buyer: (n, say) => (n === 0 ? 'เพิ่งซื้อเป็นครั้งแรก' : `ซื้อเพียงครั้งเดียวเมื่อ ${say.days(n)}ก่อน`),
  few_orders: (n, say) => `สั่งซื้อมาแล้วเพียง ${say.whole(n)} ครั้ง`,
  many_orders: (n, say) => `ซื้อบ่อย: สั่งซื้อมาแล้ว ${say.whole(n)} ครั้ง`,
  recent_orders: (n, say) => (n === 0 ? 'ไม่มีคำสั่งซื้อใน 90 วันที่ผ่านมา' : `สั่งซื้อ ${say.whole(n)} ครั้งใน 90 วันที่ผ่านมา`),
  slowing_down: (n, say) => `ซื้อน้อยลง: 90 วันล่าสุดสั่งซื้อลดลง ${say.percent(Math.abs(n), 0)} จาก 90 วันก่อนหน้า`,
  speeding_up: (n, say) => `ซื้อถี่ขึ้น: 90 วันล่าสุดสั่งซื้อเพิ่มขึ้น ${say.percent(Math.abs(n), 0)} จาก 90 วันก่อนหน้า`,
  low_spend: (n, say) => `ใช้จ่ายรวมเพียง ${say.amount(n)}`,
  high_spend: (n, say) => `ใช้จ่ายรวมแล้ว ${say.amount(n)}`,
  refunds: (n, say) => (n === 0 ? 'ไม่เคยได้รับเงินคืน' : `ได้รับเงินคืน ${say.whole(n)} ครั้ง`),
  short_tenure: (n, say) => (n === 0 ? 'ลูกค้าใหม่: สั่งซื้อครั้งแรกในวันล่าสุด' : `ลูกค้าใหม่: สั่งซื้อครั้งแรกเมื่อ ${say.span(n)}ก่อน`),
  long_tenure: (n, say) => `เป็นลูกค้ามา ${say.span(n)}`,
  same_season_last_year: (n, say) =>
    n === 0 ? 'ไม่ได้สั่งซื้อในช่วงเดียวกันของปีก่อน' : `สั่งซื้อ ${say.whole(n)} ครั้งในช่วงเดียวกันของปีก่อน`,
  discounts: (n, say) => (n === 0 ? 'ซื้อราคาเต็มเสมอ' : `${say.percent(n, 0)} ของคำสั่งซื้อใช้ส่วนลด`),
  category: (n, say) => `ซื้อจาก ${say.whole(n)} หมวดสินค้า`,
  regular_rhythm: (n, say) => `ปกติสั่งซื้อทุก ${say.days(n)}`,
};
