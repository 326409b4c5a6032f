import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import { ConfigError } from '../../../lambdas/platform/errors.ts';

function complaint(settings: unknown): string {
  try {
    parseConfig(settings, 'winback.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ exitCode: 2 });
    return (error as ConfigError).message;
  }
  return expect.unreachable(`${JSON.stringify(settings)} was taken`);
}

describe('settings', () => {
  test('all have defaults', () => {
    const config = parseConfig({}, 'the defaults');
    expect(config.shop).toEqual({ source: 'shop', time_zone: 'UTC', language: 'en' });
    expect(config.model).toMatchObject({
      trainer: 'winback',
      min_buyers: 500,
      min_history_horizons: 3,
      min_per_class: 100,
    });
    expect(config.publish).toMatchObject({
      control_pct: 10,
      unknown_consent: 'include',
      high_risk_from: 0.66,
      medium_risk_from: 0.33,
      max_contacts: 2,
      campaigns: [],
      without: [],
    });
    expect(config.rates).toEqual([]);
    expect(config.horizon).toEqual({});
  });

  test('that are given stay, and the others of their group keep their default', () => {
    const config = parseConfig({ publish: { control_pct: 20 }, shop: { currency: 'HUF' } }, 'winback.json');
    expect(config.publish).toMatchObject({ control_pct: 20, unknown_consent: 'include' });
    expect(config.shop).toMatchObject({ currency: 'HUF', source: 'shop' });
  });

  test.each<[unknown, string]>([
    [{ shop: { time_zone: 'Europe/Atlantis' } }, 'shop.time_zone'],
    [{ shop: { currency: 'euro' } }, 'shop.currency'],
    [{ shop: { source: 'My Shop' } }, 'shop.source'],
    [{ shop: { language: 'fr' } }, 'shop.language'],
    [{ shop: 'mine' }, 'shop'],
    [{ horizon: { days: 3 } }, 'horizon.days'],
    [{ horizon: { days: 90.5 } }, 'horizon.days'],
    [{ horizon: { active_window_days: '90' } }, 'horizon.active_window_days'],
    [{ model: { trees: 5 } }, 'model.trees'],
    [{ model: { trainer: 'xgboost' } }, 'model.trainer'],
    [{ model: { seed: -1 } }, 'model.seed'],
    [{ publish: { control_pct: 101 } }, 'publish.control_pct'],
    [{ publish: { unknown_consent: 'maybe' } }, 'publish.unknown_consent'],
    [{ publish: { high_risk_from: 0.3, medium_risk_from: 0.5 } }, 'publish.medium_risk_from'],
    [{ publish: { high_risk_from: 0.3 } }, 'publish.medium_risk_from'],
    [{ gates: { max_rejected_pct: -1 } }, 'gates.max_rejected_pct'],
    [{ rates: [{ currency: 'USD', valid_from: '2024-01-01', rate: 0.9 }] }, 'rates.0.rate'],
    [{ rates: [{ currency: 'USD', valid_from: '2024-01-01', rate: '0.00' }] }, 'rates.0.rate'],
    [{ rates: [{ currency: 'USD', valid_from: '2024-02-30', rate: '1' }] }, 'rates.0.valid_from'],
    [{ rates: [{ currency: 'USD', valid_from: '0999-01-01', rate: '1' }] }, 'rates.0.valid_from'],
    [{ rates: [{ currency: 'USD', valid_from: '2024-01-01' }] }, 'rates.0.rate'],
    [{ ingest: { date_order: 'year_first' } }, 'ingest.date_order'],
    [{ ingest: { columns: { order_id: { made_from: [], repeats: 'lines' } } } }, 'ingest.columns.order_id'],
    [{ ingest: { statuses: { packed: 'sent' } } }, 'ingest.statuses.packed'],
    [{ ingest: { exported_at: 'yesterday' } }, 'ingest.exported_at'],
    [{ ingest: { columns: { colour: 'Farbe' } } }, 'ingest.columns.colour is not a setting'],
    [{ modle: {} }, 'modle is not a setting'],
    ['text', 'the file'],
    [[], 'the file'],
    [null, 'the file'],
  ])('%j is refused by name', (settings, named) => {
    const message = complaint(settings);
    expect(message).toContain(`winback.json: ${named}`);
  });

  test('every wrong setting is named, not only the first', () => {
    const message = complaint({
      shop: { currency: 'euro', colour: 'red', size: 3 },
      horizon: { days: 1 },
      modle: {},
      gates: { max_days_without_orders: 0 },
    });
    for (const name of [
      'shop.currency',
      'shop.colour is not a setting',
      'shop.size is not a setting',
      'horizon.days',
      'modle is not a setting',
      'gates.max_days_without_orders',
    ]) {
      expect(message).toContain(name);
    }
  });

  test('two rates of one currency from one day are refused, because orders would count twice', () => {
    const rate = { currency: 'USD', valid_from: '2024-01-01', rate: '0.9' };
    expect(complaint({ rates: [rate, { ...rate, valid_from: '2024-02-01' }, { ...rate, rate: '0.91' }] })).toContain(
      'rates.2: a second rate for USD from 2024-01-01',
    );
  });
});
