import type { CampaignResultLabels, ComparedFigures } from '../campaign-results.ts';

const compared = ({ treatedRate, controlRate }: ComparedFigures): string =>
  `ผู้ที่ได้รับการติดต่อซื้อ ${treatedRate} กลุ่มควบคุมซื้อ ${controlRate}`;

const interval = ({ lift, low, high }: ComparedFigures): string =>
  `ต่างกัน ${lift} จุด (ช่วงความเชื่อมั่น 95%: ${low} ถึง ${high})`;

export const labels: CampaignResultLabels = {
  caption: 'แคมเปญได้ผลอย่างไร',
  note: (days) => `ผู้ที่ซื้อภายใน ${days} หลังเข้าแคมเปญ เทียบผู้ที่ได้รับการติดต่อกับกลุ่มควบคุม ทุกคนนับครั้งเดียวในกลุ่มที่อยู่เมื่อเข้าแคมเปญ`,
  none: 'ยังไม่มีแคมเปญ',
  all: 'ทุกแคมเปญรวมกัน',
  verdicts: {
    worked: 'ได้ผล',
    harmed: 'ส่งผลเสีย',
    no_difference_seen: 'ไม่เห็นความแตกต่าง',
    cannot_tell_yet: 'ยังบอกไม่ได้',
    unfit: 'ใช้ไม่ได้',
  },
  columns: {
    campaign: 'แคมเปญ',
    verdict: 'ผลตัดสิน',
    treated: 'ติดต่อแล้ว',
    controls: 'กลุ่มควบคุม',
    lift: 'ส่วนเพิ่ม',
    revenue: 'รายได้ต่อลูกค้า',
    profit: 'กำไรขั้นต้นหักต้นทุน',
    smallest: 'ส่วนเพิ่มต่ำสุดที่เห็นได้',
  },
  points: (points) => `${points} จุด`,
  bought: (customers) => `ซื้อ ${customers} คน`,
  relative: (share) => `${share} เทียบกลุ่มควบคุม`,
  range: (low, high) => `${low} ถึง ${high}`,
  cost: (cost) => `ต้นทุน ${cost}`,
  contaminated: (customers) => `เคยอยู่ทั้งสองกลุ่ม: ${customers}`,
  open: (episodes) => `ยังไม่สิ้นสุด: ${episodes}`,
  chart: {
    title: 'ส่วนเพิ่มของแต่ละแคมเปญ',
    note: 'จุด: ส่วนเพิ่ม เส้น: ช่วงความเชื่อมั่น 95% หากเส้นคร่อม 0 อาจเป็นเพียงความบังเอิญ',
    axis: 'จุดเปอร์เซ็นต์ ผู้ที่ได้รับการติดต่อ − กลุ่มควบคุม',
  },
  reasons: {
    worked: (figures) => `${compared(figures)} ${interval(figures)}`,
    harmed: (figures) => `${compared(figures)} ${interval(figures)} การติดต่อทำให้ลูกค้าซื้อน้อยลง`,
    noDifferenceSeen: (figures) =>
      `${compared(figures)} ${interval(figures)} หากมีส่วนเพิ่ม ${figures.smallest} จุด จะเห็นได้สี่ในห้าครั้ง`,
    tooFew: (figures, countedOn, needed) =>
      [
        `${compared(figures)} ${interval(figures)}`,
        `ด้วยผู้ที่ติดต่อ ${figures.treated} คนและกลุ่มควบคุม ${figures.controls} คน จะเห็นส่วนเพิ่มได้ตั้งแต่ ${figures.smallest} จุด`,
        ...(needed === null ? [] : [`หากต้องการเห็น ${countedOn} จุด ต้องมีลูกค้า ${needed} คน`]),
      ].join(' '),
    nobodyEntered: 'ยังไม่มีใครเข้าแคมเปญ',
    nothingOver: (episodes, days) => `ยังไม่มีใครครบ ${days} ยังไม่สิ้นสุด: ${episodes}`,
    oneArm: (treated, controls) => `ติดต่อแล้ว ${treated} คน กลุ่มควบคุม ${controls} คน กลุ่มหนึ่งว่างจึงไม่มีอะไรให้เปรียบเทียบ`,
    unfit: (controls, customers, expected) =>
      `จากลูกค้า ${customers} คน อยู่ในกลุ่มควบคุม ${controls} คน ทั้งที่การสุ่มควรได้ ${expected} คน กลุ่มไม่ตรงกับที่สุ่มไว้จึงเปรียบเทียบไม่ได้`,
  },
};
