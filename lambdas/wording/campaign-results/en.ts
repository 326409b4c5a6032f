import type { CampaignResultLabels, ComparedFigures } from '../campaign-results.ts';

const compared = ({ treatedRate, controlRate }: ComparedFigures): string =>
  `Of those contacted ${treatedRate} bought, of the control group ${controlRate}`;

const interval = ({ lift, low, high }: ComparedFigures): string =>
  `a difference of ${lift} points (95% interval ${low} to ${high})`;

export const labels: CampaignResultLabels = {
  caption: 'What the campaigns have brought',
  note: (days) =>
    `Who bought within ${days} of entering a campaign, contacted against control group. Everybody counts once, in the arm in which they entered.`,
  none: 'No campaign yet.',
  all: 'All campaigns together',
  verdicts: {
    worked: 'worked',
    harmed: 'harmed',
    no_difference_seen: 'no difference seen',
    cannot_tell_yet: 'cannot tell yet',
    unfit: 'not usable',
  },
  columns: {
    campaign: 'Campaign',
    verdict: 'Verdict',
    treated: 'Contacted',
    controls: 'Control',
    lift: 'Lift',
    revenue: 'Revenue per customer',
    profit: 'Margin less costs',
    smallest: 'Smallest lift shown',
  },
  points: (points) => `${points} pts`,
  bought: (customers) => `${customers} bought`,
  relative: (share) => `${share} against control`,
  range: (low, high) => `${low} to ${high}`,
  cost: (cost) => `costs ${cost}`,
  contaminated: (customers) => `have been in both arms: ${customers}`,
  open: (episodes) => `still running: ${episodes}`,
  chart: {
    title: 'Lift of each campaign',
    note: 'Dot: lift. Line: 95% interval. Where the line crosses 0, chance alone could have done it.',
    axis: 'Percentage points, contacted − control',
  },
  reasons: {
    worked: (figures) => `${compared(figures)}: ${interval(figures)}.`,
    harmed: (figures) => `${compared(figures)}: ${interval(figures)}. Contacting kept people from buying.`,
    noDifferenceSeen: (figures) =>
      `${compared(figures)}: ${interval(figures)}. A lift of ${figures.smallest} points would have shown four times in five.`,
    tooFew: (figures, countedOn, needed) =>
      [
        `${compared(figures)}: ${interval(figures)}.`,
        `With ${figures.treated} contacted and ${figures.controls} in control, a lift shows from ${figures.smallest} points on.`,
        ...(needed === null ? [] : [`To show ${countedOn} points it would take ${needed} customers.`]),
      ].join(' '),
    nobodyEntered: 'Nobody has entered yet.',
    nothingOver: (episodes, days) => `Nobody’s ${days} are over yet; still running: ${episodes}.`,
    oneArm: (treated, controls) =>
      `${treated} contacted and ${controls} in control: with an empty arm there is nothing to compare.`,
    unfit: (controls, customers, expected) =>
      `Of ${customers} customers ${controls} are in control, where the draw lets expect ${expected}: the arms are not what was drawn and cannot be compared.`,
  },
};
