import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';

const own = { name: 'own', title: 'Own', hint: 'Own.', offer: 'x', enters: {} };
const ofOwn = (given: object) => ({ campaigns: [{ ...own, ...given }] });

describe('settings of campaigns that contradict themselves are refused', () => {
  test.each<[string, object, string]>([
    [
      'a name in without that no built-in campaign has',
      { without: ['win_back_hihg'] },
      'publish.without.0: must be one of "service_recovery", "win_back_high"',
    ],
    [
      'a change of a built-in campaign that there is not',
      { built_in: { win_back_hihg: { control_pct: 20 } } },
      'publish.built_in.win_back_hihg: there is no built-in campaign of this name, only service_recovery, win_back_high',
    ],
    [
      'a change of one that is turned off',
      { built_in: { birthday: { max_members: 5 } }, without: ['birthday'] },
      'publish.built_in.birthday: publish.without turns this campaign off',
    ],
    [
      'a change of one that an own campaign replaces',
      { built_in: { birthday: { max_members: 5 } }, campaigns: [{ ...own, name: 'birthday' }] },
      'publish.built_in.birthday: a campaign of publish.campaigns takes its place',
    ],
    [
      'a change of who enters a built-in campaign',
      { built_in: { birthday: { enters: {} } } },
      'publish.built_in.birthday.enters is not a setting',
    ],
    [
      'a value that customers must have and must not have',
      ofOwn({ country: { only: ['HU', 'AT'], not: ['AT'] } }),
      'publish.campaigns.0.country.not: "AT" is among only, too',
    ],
    [
      'recency in days and in horizons',
      ofOwn({ enters: { recency_days: { max: 5 }, recency_horizons: { max: 1 } } }),
      'publish.campaigns.0.enters.recency_days: must not stand beside recency_horizons',
    ],
    [
      'a slice that ends where it begins',
      ofOwn({ value_pct: { from: 20, to: 20 } }),
      'publish.campaigns.0.value_pct: from must be below to',
    ],
  ])('%s', (_, publish, complaint) => {
    expect(() => parseConfig({ publish }, 'winback.json')).toThrow(complaint);
  });

  test('and recency in days for who enters, in horizons for who stays, is taken', () => {
    const given = ofOwn({ enters: { recency_days: { max: 5 } }, stays: { recency_horizons: { max: 1 } } });
    expect(parseConfig({ publish: given }, 'winback.json').publish.campaigns).toHaveLength(1);
  });
});
