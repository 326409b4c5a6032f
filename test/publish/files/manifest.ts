import { isoDate } from '../../../lambdas/lake/day.ts';
import { latestManifestKey, publishedPrefix } from '../../../lambdas/lake/zones.ts';
import { writeJson } from '../../../lambdas/platform/json-objects.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import { writeAudience, writeExclusion } from '../../../lambdas/publish/files/write-audience.ts';
import { type Manifest, manifestVersion } from '../../../lambdas/publish/manifest.ts';
import { keyOf } from '../../support/ingested.ts';
import { day } from '../../support/lake.ts';
import { anna, campaign, excluded, settings, streamed } from './members.ts';

const run = { asOf: day('2024-06-30'), runId: 'run-1' };

/** Publishes a campaign of 30 people and one exclusion audience, and the manifest that names their files. */
export async function publishSome(store: ObjectStore): Promise<Manifest> {
  const prefix = publishedPrefix(run);
  const people = Array.from({ length: 30 }, (_, i) => ({
    ...anna,
    position: i + 1,
    customer_key: keyOf(`c${i}`),
    email: i === 7 ? null : `c${i}@shop.example`,
    accepts_marketing: i % 3 === 0 ? null : true,
  }));
  const list = await writeAudience(store, `${prefix}${campaign.code}/`, streamed(people), {
    settings: settings({ max_megabytes: 0.004 }),
    campaign,
  });
  const controls = [excluded('control'), excluded('control', { customer_key: keyOf('bela'), email: 'b@shop.example' })];
  const control = await writeExclusion(store, `${prefix}exclude/control_group/`, streamed(controls), {
    settings: settings(),
  });
  const manifest: Manifest = {
    version: manifestVersion,
    as_of: isoDate(run.asOf),
    run_id: run.runId,
    horizon_days: 90,
    currency: 'EUR',
    score_basis: 'blend',
    model_id: 'm',
    model_verdict: 'kept',
    model_reason: 'it holds up',
    control_pct: 10,
    unknown_consent: 'include',
    watermark: { ingests: 3, sha256: '0'.repeat(64) },
    suppressions: 4,
    lists: [
      {
        campaign: campaign.code,
        name: campaign.name,
        definition: campaign.hint,
        offer: 'Personal call or letter',
        rows: list.members,
        new_members: 2,
        control: 3,
        excluded: { suppressed: 1, no_consent: 12 },
        left: { purchase: 5 },
        value_at_risk: '3703.65',
        expected_profit: '-37.04',
        smallest_lift_points: 61.25,
        expected_lift_points: 2,
        customers_needed: 24_310,
        left_out: list.left_out,
      },
    ],
    exclusions: [
      {
        audience: 'control_group',
        definition: 'Never contact them.',
        rows: control.members,
        because: { control: 2 },
        left_out: control.left_out,
      },
    ],
    files: [
      ...list.files.map((file) => ({ kind: 'campaign' as const, list: campaign.code, ...file })),
      ...control.files.map((file) => ({ kind: 'exclusion' as const, list: 'control_group', ...file })),
    ],
    report: `${prefix}report.html`,
  };
  await writeJson(store, latestManifestKey, manifest);
  return manifest;
}
