import { z } from 'zod';
import type { ModelVerdict, ScoreBasis } from '../pipeline.ts';
import { LakeAccessError } from '../platform/errors.ts';
import { readJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { formatNames, leftOutReasons } from './files/format.ts';

/** Raised whenever a manifest of before could be misread. */
export const manifestVersion = 2;

/** Audiences that campaigns must not reach. */
export const exclusionNames = ['do_not_disturb', 'recent_buyers', 'control_group'] as const;

const bases: readonly ScoreBasis[] = ['blend', 'forest', 'logistic', 'bgnbd', 'recency', 'rfm', 'rules'];
const verdicts: readonly ModelVerdict[] = ['promoted', 'kept', 'baseline', 'not_enough_data'];

const customers = z.int().min(0);
const percent = z.number().min(0).max(100);
const day = z.iso.date();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const amount = z.string().regex(/^-?\d+\.\d{2}$/);
const byReason = z.record(z.string(), customers);
const listName = z.string().regex(/^[a-z][a-z0-9_]*$/);

/** By format: those who are in none of its files, by reason. */
const leftOut = z.record(z.enum(formatNames), z.partialRecord(z.enum(leftOutReasons), customers));

const fileSchema = z.object({
  kind: z.enum(['campaign', 'exclusion']),
  /** The campaign or exclusion audience that it belongs to. */
  list: listName,
  format: z.enum(formatNames),
  /** Consent of everybody in it, where the platform wants it stated for the whole upload. */
  consent: z.enum(['granted', 'unknown']).nullable(),
  /** Number among the parts of one file, from 1. */
  part: z.int().min(1),
  key: z.string().regex(/^published(\/[\w=-]+)+\.csv$/),
  rows: customers,
  bytes: z.int().min(0),
  sha256,
});

const listSchema = z.object({
  campaign: listName,
  name: z.string(),
  definition: z.string(),
  offer: z.string(),
  /** Customers on the list. */
  rows: customers,
  new_members: customers,
  /** Customers who would be on it, but are left out to measure against. */
  control: customers,
  /** Customers who fit the campaign and must not be contacted, by reason. */
  excluded: byReason,
  /** Episodes that ended on this night, by cause. */
  left: byReason,
  /** Sums over the list, in the reporting currency. */
  value_at_risk: amount,
  expected_profit: amount.nullable(),
  /**
   * Smallest lift that arms of these sizes show four times in five, in percentage points; null where none would show, or
   * nothing says how many would buy by themselves.
   */
  smallest_lift_points: percent.nullable(),
  /** Lift that a contact is expected to bring, in percentage points, and the customers of both arms that it takes to show it. */
  expected_lift_points: percent,
  customers_needed: customers.nullable(),
  left_out: leftOut,
});

const exclusionSchema = z.object({
  audience: z.enum(exclusionNames),
  definition: z.string(),
  rows: customers,
  because: byReason,
  left_out: leftOut,
});

const manifestSchema = z.object({
  version: z.literal(manifestVersion),
  as_of: day,
  run_id: z.string(),
  horizon_days: z.int().min(1),
  currency: z.string(),
  score_basis: z.enum(bases),
  model_id: z.string(),
  model_verdict: z.enum(verdicts),
  model_reason: z.string(),
  control_pct: percent,
  unknown_consent: z.enum(['include', 'exclude']),
  /** What was known of later orders: the ingests that were live when the lists were made, and a hash over their ids. */
  watermark: z.object({ ingests: z.int().min(0), sha256 }),
  /** People who are suppressed. */
  suppressions: customers,
  lists: z.array(listSchema).readonly(),
  exclusions: z.array(exclusionSchema).readonly(),
  files: z.array(fileSchema).readonly(),
  report: z.string(),
});

/** What a night published: every file with its size and hash, and what its figures rest on. */
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestList = z.infer<typeof listSchema>;
export type ManifestExclusion = z.infer<typeof exclusionSchema>;
export type ManifestFile = z.infer<typeof fileSchema>;

const versioned = z.object({ version: z.int() });

/**
 * A manifest as this version of winback reads it.
 * @param where names the manifest in messages
 * @throws LakeAccessError for one of another version, and for one that is damaged
 */
export function parseManifest(json: unknown, where: string): Manifest {
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const version = versioned.safeParse(json).data?.version ?? 1;
  if (version > manifestVersion) {
    throw new LakeAccessError(
      `${where} is of version ${version}, and this winback reads version ${manifestVersion}`,
      'Use the version of winback that published it, or a later one.',
    );
  }
  if (version < manifestVersion) {
    throw new LakeAccessError(
      `${where} was published by an older winback (version ${version}, now ${manifestVersion})`,
      'Run the night again with this version, or read the lists with the one that published them.',
    );
  }
  const [issue] = parsed.error.issues;
  throw new LakeAccessError(
    `${where} is damaged: ${issue?.path.join('.')}: ${issue?.message}`,
    'Run the night again, or roll back to another one.',
  );
}

/** The manifest under a key, or null where there is none. @throws LakeAccessError as `parseManifest` does */
export async function readManifest(store: Pick<ObjectStore, 'read'>, key: string): Promise<Manifest | null> {
  const json = await readJson<unknown>(store, key);
  return json === null ? null : parseManifest(json, key);
}
