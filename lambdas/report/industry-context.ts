/**
 * What trade articles on customer retention claim. Context to hold a shop's own figures against, with its source: none of
 * it is measured by winback, most of it is retold from studies that the articles do not name, and no figure of a shop
 * should be judged by one of these alone.
 */
export interface IndustryFigure {
  readonly figure: string;
  readonly claim: string;
  readonly sources: readonly IndustrySource[];
}

export const industrySources = {
  interactone: 'InteractOne, "Customer retention strategies that work" (2023)',
  online_loyalty: 'Article on building loyalty in online marketing (in Thai)',
  smarthint: 'SmartHint, "16 ways to keep customers" (2022)',
  bonusqr: 'BonusQR, "How to keep customers and build real loyalty"',
  ecwid: 'Ecwid, article on e-commerce retention strategy',
} as const;

export type IndustrySource = keyof typeof industrySources;

export const industryContext: readonly IndustryFigure[] = [
  {
    figure: 'about 30 %',
    claim: 'Customers kept in retail and e-commerce.',
    sources: ['bonusqr'],
  },
  {
    figure: '55 %',
    claim: 'Customers kept in hospitality and restaurants.',
    sources: ['bonusqr'],
  },
  {
    figure: '84 %',
    claim: 'Customers kept in media and professional services.',
    sources: ['bonusqr'],
  },
  {
    figure: '5 to 25 times',
    claim: 'Cost of winning a customer against keeping one (Harvard Business Review, as retold).',
    sources: ['interactone', 'online_loyalty', 'smarthint'],
  },
  {
    figure: '+25 to +95 %',
    claim: 'Profit that five per cent more retention is said to bring.',
    sources: ['interactone', 'bonusqr'],
  },
  {
    figure: '+67 %',
    claim: 'How much more an existing customer is said to spend than a new one.',
    sources: ['bonusqr'],
  },
  {
    figure: 'up to 40 %',
    claim: 'Revenue uplift said to come from repeat customers.',
    sources: ['ecwid'],
  },
  {
    figure: '53 % and 49 %',
    claim: 'Gen Z and millennial buyers who say that they get too many e-mails.',
    sources: ['ecwid'],
  },
];
