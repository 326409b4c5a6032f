import type { CampaignResultLabels, ComparedFigures } from '../campaign-results.ts';

const compared = ({ treatedRate, controlRate }: ComparedFigures): string =>
  `A megkeresettek közül ${treatedRate}, a kontrollcsoportból ${controlRate} vásárolt`;

const interval = ({ lift, low, high }: ComparedFigures): string =>
  `a különbség ${lift} százalékpont (95%-os intervallum: ${low} … ${high})`;

export const labels: CampaignResultLabels = {
  caption: 'Mit hoztak a kampányok',
  note: (days) =>
    `Ki vásárolt a kampányba kerülése utáni ${days} alatt: megkeresettek és kontrollcsoport. Mindenki egyszer számít, abban a csoportban, amelybe belépéskor került.`,
  none: 'Még nincs kampány.',
  all: 'Minden kampány együtt',
  verdicts: {
    worked: 'hatott',
    harmed: 'ártott',
    no_difference_seen: 'nem látszik különbség',
    cannot_tell_yet: 'még nem megállapítható',
    unfit: 'nem értékelhető',
  },
  columns: {
    campaign: 'Kampány',
    verdict: 'Ítélet',
    treated: 'Megkeresve',
    controls: 'Kontroll',
    lift: 'Többlet',
    revenue: 'Bevétel vásárlónként',
    profit: 'Árrés a költségek után',
    smallest: 'Legkisebb kimutatható többlet',
  },
  points: (points) => `${points} pont`,
  bought: (customers) => `${customers} vásárolt`,
  relative: (share) => `${share} a kontrollhoz képest`,
  range: (low, high) => `${low} … ${high}`,
  cost: (cost) => `költség: ${cost}`,
  contaminated: (customers) => `mindkét csoportban voltak: ${customers}`,
  open: (episodes) => `még tart: ${episodes}`,
  chart: {
    title: 'Az egyes kampányok többlete',
    note: 'Pont: többlet. Vonal: 95%-os intervallum. Ahol a vonal metszi a 0-t, ott a véletlen is okozhatta.',
    axis: 'Százalékpont, megkeresett − kontroll',
  },
  reasons: {
    worked: (figures) => `${compared(figures)}: ${interval(figures)}.`,
    harmed: (figures) => `${compared(figures)}: ${interval(figures)}. A megkeresés elvette a kedvüket a vásárlástól.`,
    noDifferenceSeen: (figures) =>
      `${compared(figures)}: ${interval(figures)}. Egy ${figures.smallest} pontos többlet ötből négyszer kimutatható lett volna.`,
    tooFew: (figures, countedOn, needed) =>
      [
        `${compared(figures)}: ${interval(figures)}.`,
        `${figures.treated} megkeresettel és ${figures.controls} kontrollal ${figures.smallest} ponttól mutatható ki többlet.`,
        ...(needed === null ? [] : [`${countedOn} pont kimutatásához ennyi vásárló kellene: ${needed}.`]),
      ].join(' '),
    nobodyEntered: 'Még senki sem került bele.',
    nothingOver: (episodes, days) => `Még senkinél sem telt le a ${days}; még tart: ${episodes}.`,
    oneArm: (treated, controls) =>
      `Megkeresve ${treated}, kontroll ${controls}: üres csoporttal nincs mihez hasonlítani.`,
    unfit: (controls, customers, expected) =>
      `${customers} vásárlóból ${controls} van a kontrollcsoportban, a sorsolás szerint ${expected} várható: a csoportok nem azok, amelyeket kisorsoltunk, ezért nem hasonlíthatók össze.`,
  },
};
