import type { Names } from '../names.ts';

export const names: Names = {
  segments: {
    champions: 'ลูกค้าชั้นยอด',
    loyal: 'ลูกค้าประจำ',
    potential_loyalist: 'มีแววเป็นลูกค้าประจำ',
    new: 'ลูกค้าใหม่',
    promising: 'มีแนวโน้มดี',
    needs_attention: 'ควรดูแลเพิ่ม',
    about_to_sleep: 'เริ่มห่างหาย',
    at_risk: 'เสี่ยงจะหายไป',
    cant_lose_them: 'ห้ามเสียไป',
    hibernating: 'หลับใหล',
    lost: 'หายไปแล้ว',
  },
  campaigns: {
    win_back_high: { name: 'ดึงกลับ: มูลค่าสูงสุด', hint: 'ติดต่อเป็นรายบุคคลภายในสัปดาห์นี้' },
    win_back_medium: { name: 'ดึงกลับ: คุ้มที่จะให้ข้อเสนอ', hint: 'ส่งข้อเสนอที่มีระยะเวลาสั้น' },
    win_back_low: { name: 'ดึงกลับ: เตือนเบา ๆ', hint: 'ส่งข้อความเตือนที่ไม่มีค่าใช้จ่าย' },
    second_order: { name: 'คำสั่งซื้อครั้งที่สอง', hint: 'เคยซื้อครั้งเดียว: ให้เหตุผลที่จะซื้อครั้งที่สอง' },
  },
  offers: {
    personal_call: 'โทรหรือเขียนจดหมายถึงเป็นส่วนตัว',
    coupon_15: 'คูปองส่วนลด 15%',
    free_shipping: 'ส่งฟรี',
    reminder: 'ข้อความเตือน ไม่มีส่วนลด',
  },
  bands: { high: 'สูง', medium: 'กลาง', low: 'ต่ำ' },
  methods: {
    blend: 'ป่าสุ่มและการถดถอยโลจิสติก',
    blend_calibrated: 'ป่าสุ่มและการถดถอยโลจิสติก ปรับตามฤดูกาล',
    forest: 'Random forest',
    logistic: 'การถดถอยโลจิสติก',
    bgnbd: 'แบบจำลอง BG/NBD',
    recency: 'ดูเฉพาะการซื้อครั้งล่าสุด',
    rfm: 'คะแนน RFM',
    rules: 'กฎ',
    base_rate: 'ความเสี่ยงเท่ากันทุกคน',
    forest_ml_random_forest: 'ป่าสุ่มของ ml-random-forest',
    forest_winback: 'ป่าสุ่มของ winback',
  },
};
