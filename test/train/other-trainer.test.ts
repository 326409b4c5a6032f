import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelMetrics } from '../../lambdas/lake/tables/model.ts';
import { loadModel } from '../../lambdas/model/model-file.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { deliver } from '../support/ingested.ts';
import { nightOf, regularShop, rowsOfNight } from '../support/night.ts';

test('a night with the trainer ml-random-forest scores by its forest, or a baseline, and compares with that of winback', {
  timeout: 120_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), 'winback-trainer-'));
  const settings = {
    horizon: { days: 30 },
    model: { trainer: 'ml-random-forest', trees: 10, min_buyers: 100, min_per_class: 20, test_dates: 1 },
  };
  await deliver({ store: fileStore(root) }, { file: 'a.csv', orders: regularShop(200, '2024-06-30', 500) });
  const night = await nightOf(root, '2024-06-30', settings);
  try {
    const { outputs } = night;
    const { method, card } = await loadModel(fileStore(root), outputs.train.modelId);
    expect(card.training.trainer).toBe('ml-random-forest');
    if ('forest' in method) expect(card.referee).toMatchObject({ disagreements: 0 });
    expect(outputs.score.scored).toBe(outputs.features.buyers);
    const rows = await rowsOfNight(root, modelMetrics, night);
    const auc = (method: string) => rows.find((row) => row.method === method && row.metric === 'roc_auc')?.value;
    for (const method of ['forest', 'forest_winback', 'blend', 'logistic']) {
      expect(auc(method), method).toBeGreaterThan(0.5);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
