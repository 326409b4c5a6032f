import type { Language } from './language.ts';

/** Audiences to leave out of advertising and newsletters, as the files name them. */
export type ExclusionCode = 'do_not_disturb' | 'recent_buyers' | 'control_group';

const hints: Readonly<Record<Language, Readonly<Record<ExclusionCode, string>>>> = {
  en: {
    do_not_disturb: 'Have unsubscribed, are suppressed or never agreed: must not be contacted.',
    recent_buyers: 'Bought just now: leave them out of advertising that wants to win them.',
    control_group: 'Kept out of every campaign to measure against: leave them out of advertising too.',
  },
  hu: {
    do_not_disturb: 'Leiratkoztak, le vannak tiltva vagy nem járultak hozzá: tilos megkeresni őket.',
    recent_buyers: 'Most vásároltak: hagyja ki őket a megnyerésükre szánt hirdetésekből.',
    control_group: 'Minden kampányból kimaradnak, hogy legyen mihez mérni: a hirdetésekből is hagyja ki őket.',
  },
  th: {
    do_not_disturb: 'ยกเลิกรับข่าวสาร ถูกระงับ หรือไม่เคยยินยอม: ห้ามติดต่อ',
    recent_buyers: 'เพิ่งซื้อไป: ไม่ต้องรวมในโฆษณาที่ต้องการดึงลูกค้า',
    control_group: 'ไม่อยู่ในแคมเปญใดเพื่อใช้เปรียบเทียบผล: ไม่ต้องรวมในโฆษณาเช่นกัน',
  },
  zh: {
    do_not_disturb: '已退订、已屏蔽或从未同意：不得联系。',
    recent_buyers: '刚刚购买：请在拉新广告中排除。',
    control_group: '不参加任何活动，用作对照：广告中也请排除。',
  },
};

/** Who is in an audience to leave out, and why. */
export const exclusionHint = (language: Language, audience: ExclusionCode): string => hints[language][audience];
