import { beforeAll, describe, expect, it } from 'vitest';
import { addMonths, isoDate } from '../../lambdas/lake/day.ts';
import { numbersOf } from '../../lambdas/wording/numbers.ts';
import { asOf } from './plausible-rows.ts';
import { bodyRows, sectionOf, textOf, valuesOf } from './read-html.ts';
import { type RenderedNight, reportOf, tile } from './render-report.ts';

const decimal = (money: bigint): string => {
  const digits = money.toString().padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
};

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n);

describe('figures', () => {
  let shown: RenderedNight;

  beforeAll(async () => {
    shown = await reportOf();
  });

  it('shows the headline figures of the tables', () => {
    const { page, night } = shown;
    const high = night.scores.filter((score) => score.risk_band === 'high');
    const horizon = night.periods.find((period) => period.period_kind === 'horizon');
    expect(valuesOf(tile(page, 'buyers'))).toEqual([String(night.features.length)]);
    expect(valuesOf(tile(page, 'high-risk'))).toEqual([String(high.length)]);
    expect(valuesOf(tile(page, 'value-at-risk'))).toEqual([decimal(sum(high.map((score) => score.value_at_risk)))]);
    expect(valuesOf(tile(page, 'retained'))).toEqual([String(horizon?.retained_pct)]);
    expect(textOf(tile(page, 'retained'))).toContain(`${numbersOf('en').percent(horizon?.crr_pct ?? 0)}`);
    expect(valuesOf(tile(page, 'repeat'))).toEqual(['72.4']);
    const contacted = night.members.filter((member) => member.arm === 'treatment');
    expect(valuesOf(tile(page, 'listed'))).toEqual([String(contacted.length)]);
  });

  it('explains the textbook rate only where it differs', () => {
    const { page, night } = shown;
    const horizon = night.periods.find((period) => period.period_kind === 'horizon');
    expect(horizon?.crr_counts_reactivated).toBe(true);
    expect(textOf(tile(page, 'retained'))).toContain(`it counts ${horizon?.customers_reactivated} won-back customers`);
  });

  it('names the fifty customers with most at risk, largest first, ties by key', () => {
    const { page, night } = shown;
    const expected = night.scores
      .filter((score) => score.risk_band !== 'low')
      .sort((a, b) =>
        a.value_at_risk === b.value_at_risk
          ? b.churn_probability - a.churn_probability || (a.customer_key < b.customer_key ? -1 : 1)
          : a.value_at_risk > b.value_at_risk
            ? -1
            : 1,
      )
      .slice(0, 50);
    const rows = bodyRows(sectionOf(page, 'customers'), 'The 50 with');
    expect(rows.map((row) => valuesOf(row))).toEqual(
      expected.map((score) => [String(score.churn_probability * 100), decimal(score.value_at_risk)]),
    );
    for (const [i, score] of expected.entries()) {
      const feature = night.features.find((row) => row.customer_key === score.customer_key);
      expect(rows[i]).toContain(`datetime="${isoDate(feature?.last_order_on ?? 0)}"`);
    }
  });

  it('says who may not be contacted', () => {
    const { page, night } = shown;
    const rows = bodyRows(sectionOf(page, 'customers'), 'The 50 with');
    const armOf = new Map(night.members.map((member) => [member.customer_key, member.arm]));
    const seen = new Set<string>();
    for (const row of rows) {
      const key = /title="([0-9a-f]{32})"/.exec(row)?.[1] ?? '';
      const arm = armOf.get(key) ?? 'none';
      seen.add(arm);
      expect(row.includes('control group: do not contact')).toBe(arm === 'control');
      expect(row.includes('>do not contact<')).toBe(arm === 'excluded');
      expect(row.includes('on no list')).toBe(arm === 'none');
    }
    expect([...seen].sort()).toEqual(['control', 'excluded', 'none', 'treatment']);
  });

  it('shows every cohort cell that has begun, blank otherwise, and marks the month that is not over', () => {
    const { page, night } = shown;
    const rows = bodyRows(sectionOf(page, 'cohorts'), 'Customers who bought again');
    const cohorts = [...new Set(night.cells.map((cell) => cell.cohort_month))];
    expect(rows).toHaveLength(cohorts.length);
    for (const [i, cohort] of cohorts.entries()) {
      const cells = night.cells.filter((cell) => cell.cohort_month === cohort && cell.month_number > 0);
      const begun = cells.filter((cell) => cell.active_pct !== null);
      const size = night.cells.find((cell) => cell.cohort_month === cohort)?.cohort_customers;
      expect(valuesOf(rows[i] ?? '')).toEqual([String(size), ...begun.map((cell) => String(cell.active_pct))]);
      expect(rows[i]?.match(/<td><\/td>/g)?.length ?? 0).toBe(cells.length - begun.length);
      expect(rows[i]?.match(/ running"/g)?.length ?? 0).toBe(begun.filter((cell) => !cell.is_complete).length);
    }
  });

  it('shows counts and shares of all 25 cells of the grid', () => {
    const { page, night } = shown;
    const rows = bodyRows(sectionOf(page, 'segments'), 'Buyers by recency and value');
    const grid = rows.map((row) => valuesOf(row).map(Number));
    const expected = [5, 4, 3, 2, 1].map((recency) =>
      [1, 2, 3, 4, 5].flatMap((value) => {
        const customers = night.features.filter(
          (row) => row.recency_score === recency && Math.ceil((row.frequency_score + row.monetary_score) / 2) === value,
        ).length;
        return [customers, (customers / night.features.length) * 100];
      }),
    );
    expect(grid).toEqual(expected);
  });

  it('adds up segments, risk bands and lists like the rows they come from', () => {
    const { page, night } = shown;
    for (const row of bodyRows(sectionOf(page, 'risk'), 'Risk bands')) {
      const band = ['High', 'Medium', 'Low'].find((name) => row.includes(`>${name}<`)) ?? '';
      const scores = night.scores.filter((score) => score.risk_band === band.toLowerCase());
      const values = valuesOf(row);
      expect(values[2]).toBe(String(scores.length));
      expect(values.at(-1)).toBe(decimal(sum(scores.map((score) => score.value_at_risk))));
    }
    const [lists] = bodyRows(sectionOf(page, 'lists'), 'Lists of this night');
    const high = night.members.filter((member) => member.campaign === 'win_back_high');
    const inArm = (arm: string) => high.filter((member) => member.arm === arm);
    expect(valuesOf(lists ?? '')).toEqual([
      String(inArm('treatment').length),
      String(inArm('control').length),
      String(inArm('excluded').length),
      String(inArm('treatment').filter((member) => member.is_new).length),
      decimal(sum(inArm('treatment').map((member) => member.value_at_risk ?? 0n))),
    ]);
    const champions = night.features.filter((row) => row.segment === 'champions');
    const row = bodyRows(sectionOf(page, 'segments'), 'Segments').find((text) => text.includes('Champions')) ?? '';
    expect(valuesOf(row).at(-1)).toBe(decimal(sum(champions.map((buyer) => buyer.monetary_value))));
  });

  it('draws one bar per complete month that had customers, hatches the running one and pales the left-censored', () => {
    const { page, night } = shown;
    const months = night.periods.filter((period) => period.period_kind === 'month');
    const chart =
      sectionOf(page, 'retention')
        .split('<svg')
        .find((svg) => svg.includes('class="wide"')) ?? '';
    const drawn = months.filter((month) => month.retained_pct !== null);
    expect(chart.match(/<rect class="bar/g)).toHaveLength(drawn.length);
    expect(chart.match(/class="bar censored"/g)).toHaveLength(drawn.filter((month) => month.is_left_censored).length);
    expect(chart.match(/<rect class="running"/g)).toHaveLength(months.filter((month) => !month.is_complete).length);
    expect(months.at(-1)?.period_end).toBe(addMonths(asOf, 1) - 1);
  });

  it('accounts for every record of every file', () => {
    const { page } = shown;
    const quality = sectionOf(page, 'quality');
    const rows = bodyRows(quality, 'What was read');
    expect(rows.map((row) => valuesOf(row))).toEqual([
      ['525461', '25900', '486000', '6865', '6696', '0'],
      ['541910', '24446', '506000', '5268', '6196', '0'],
    ]);
    expect(textOf(quality)).toContain('1,025 orders, 22,523 lines');
    expect(bodyRows(quality, 'Why records were rejected').map((row) => valuesOf(row))).toEqual([['2'], ['1']]);
    expect(textOf(quality)).toContain('the newest order is 3 days older than as_of');
  });

  it('shows the model beside its baselines, newest test first, with its dates', () => {
    const { page } = shown;
    const model = sectionOf(page, 'model');
    expect(model.indexOf('12 June 2011')).toBeLessThan(model.indexOf('20 March 2011'));
    const rows = bodyRows(model, 'Tested on 12 June 2011, buyers not yet lapsed');
    expect(rows).toHaveLength(6);
    expect(textOf(rows[5] ?? '')).toMatch(/Same risk for everybody/);
    expect(valuesOf(rows[5] ?? '')).toEqual(['0.619']);
    expect(textOf(rows[0] ?? '')).toMatch(/Random forest in force 0\.772/);
    expect(valuesOf(rows[3] ?? '').map((value) => Number(value).toFixed(3))).toEqual([
      '0.679',
      '0.520',
      '0.208',
      '1.480',
    ]);
  });

  it('shows the mean over dates first, with intervals, and what the choice rests on', () => {
    const model = sectionOf(shown.page, 'model');
    const rows = bodyRows(model, 'Mean over 2 tests, buyers not yet lapsed');
    expect(rows).toHaveLength(6);
    expect(textOf(rows[0] ?? '')).toMatch(/0\.772 0\.752 – 0\.792/);
    expect(model.indexOf('Mean over 2 tests')).toBeLessThan(model.indexOf('Tested on 12 June 2011'));
    expect(textOf(model)).toContain('3.5% of refunds and cancellations state no date');
  });

  it('shows the model in force against its challenger, with the interval of their difference', () => {
    const rows = bodyRows(sectionOf(shown.page, 'model'), 'Model in force and challenger, buyers not yet lapsed').map(
      textOf,
    );
    expect(
      rows.map((row) =>
        row
          .replace(/ -?\d.*/, '')
          .trim()
          .split('> ')
          .at(-1),
      ),
    ).toEqual(['Model in force before', 'Challenger', 'Challenger less model in force', 'Logistic regression']);
    expect(rows[0]).toMatch(/0\.761 0\.541 0\.536/);
    expect(rows[2]).toMatch(/0\.011 0\.005 – 0\.017 – [-−]0\.012/);
  });

  it('draws told against true and where the lost are found, a mark per tenth', () => {
    const model = sectionOf(shown.page, 'model');
    // one drawing for wide screens, one for telephones
    expect(model.match(/class="dot"/g)).toHaveLength(20);
    expect(model.match(/class="bar"/g)).toHaveLength(20);
    expect(model).toContain('told 50%, lost 51% (190 customers)');
    expect(model).toMatch(/tenth 1: 87% lost, 1\.9 times/);
  });

  it('holds earlier predictions against what was promised, and names what moved', () => {
    const watch = sectionOf(shown.page, 'watch');
    const matured = bodyRows(watch, 'What earlier reports foretold');
    expect(textOf(matured[0] ?? '')).toMatch(/2011-05-23 Random forest 1,896 31\.0% 0\.772 promised 0\.701/);
    const moved = bodyRows(watch, 'How far buyers and scores have moved').map(textOf);
    expect(moved[0]).toMatch(/orders_30d alarm 0\.310/);
    expect(moved[1]).toMatch(/recency_days season 0\.280 0\.040/);
    expect(moved[2]).toMatch(/churn_probability steady 0\.020/);
  });

  it('shows what the horizon rests on', () => {
    const horizon = sectionOf(shown.page, 'horizon');
    expect(textOf(horizon)).toMatch(/Came back after a silence as long as the horizon 18\.3%/);
    expect(horizon).toContain('lost after');
    expect(horizon.match(/class="line curve"/g)).toHaveLength(2);
  });
});
