import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Config, parseConfig } from '../lambdas/platform/config/config.ts';

/** A deployment cannot be synthesized from what it was told. The message names every setting that is wrong. */
export class DeploymentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

const days = z.int().min(1).max(3650);

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30');

const settingsSchema = z.strictObject({
  /** Tells deployments in one account apart: part of the names of stack, database and workgroups. */
  stage: z.string().regex(/^[a-z][a-z0-9]{0,15}$/, 'must be 1 to 16 lower-case letters and digits, a letter first'),
  /** Settings of the shop: what winback.json is for the command line. */
  shop: z.unknown().optional(),
  /** When the night begins, by the clock of the shop's time zone. */
  starts_at: clock.default('02:30'),
  /** An alarm is given when no night has been published by then. */
  finished_by: clock.default('06:00'),
  /** Who is told of alarms. Left out: the alarms' topic has no subscriber yet. */
  alarm_email: z.email().optional(),
  /** A warning is sent when the account is likely to spend more on winback in a month. */
  monthly_budget_usd: z.number().min(1).default(50),
  /** A query that would read more than this is cancelled. Athena knows no limit below 10 MB. */
  scan_limit_gb: z.number().min(0.01).max(100_000).default(50),
  /** Query results are copies of tables: they are gone after so many days. */
  query_results_days: days.default(7),
  /** Versions of replaced or deleted objects are kept this long: the time in which a mistake can be undone. */
  previous_versions_days: days.default(30),
  /** Deliveries that were taken or refused are deleted after so many days. Left out: they are kept. */
  landing_days: days.optional(),
  /** Who read and wrote which object is kept this long. */
  access_logs_days: days.default(90),
  /** The first of two switches that let a deleted stack take its data along. */
  removable: z.boolean().default(false),
});

type Settings = z.infer<typeof settingsSchema>;

/** A validated deployment. */
export interface Deployment extends Omit<Settings, 'removable' | 'shop'> {
  readonly shop: Config;
  /** True only when both switches are set: deleting the stack then deletes the data. */
  readonly mayRemoveData: boolean;
}

const where = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'the file';

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not a setting`;
  return `${where(issue.path)}: ${issue.message}`;
}

function shopOf(settings: unknown, origin: string): Config {
  try {
    return parseConfig(settings, `${origin}, shop`);
  } catch (error) {
    throw new DeploymentError((error as Error).message, { cause: error });
  }
}

/**
 * Checks a deployment's settings and fills in defaults.
 * @param origin where the settings came from, for the error
 * @param removeDataOf the second switch: the stage whose data may go, or nothing
 * @throws DeploymentError naming every setting that is wrong, or a second switch without the first
 */
export function parseDeployment(settings: unknown, origin: string, removeDataOf: string | undefined): Deployment {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new DeploymentError(
      `${origin}: ${parsed.error.issues.map(explain).join('; ')}. All settings are in infra/settings.ts.`,
    );
  }
  const { removable, shop: shopSettings = {}, ...deployment } = parsed.data;
  const shop = shopOf(shopSettings, origin);
  if (deployment.finished_by <= deployment.starts_at) {
    throw new DeploymentError(
      `${origin}: finished_by ${deployment.finished_by} is not after starts_at ${deployment.starts_at}, on the same day.`,
    );
  }
  if (removeDataOf !== undefined && (!removable || removeDataOf !== deployment.stage)) {
    throw new DeploymentError(
      `${origin}: WINBACK_REMOVE_DATA is ${JSON.stringify(removeDataOf)}, but this is stage ${deployment.stage} with ` +
        `removable ${removable}. Data may go only when removable is true and WINBACK_REMOVE_DATA names the stage.`,
    );
  }
  return { ...deployment, shop, mayRemoveData: removeDataOf !== undefined };
}

/**
 * Reads the deployment that the environment names: settings from the file in WINBACK_DEPLOYMENT, else from
 * `deployment.json` in a folder where there is one, else the defaults for a stage `dev`.
 * @throws DeploymentError for a file that cannot be read and for settings that are wrong
 */
export function readDeployment(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string = process.cwd(),
): Deployment {
  const defaultFile = join(folder, 'deployment.json');
  const file = environment.WINBACK_DEPLOYMENT ?? (existsSync(defaultFile) ? defaultFile : null);
  const removeDataOf = environment.WINBACK_REMOVE_DATA;
  if (file === null) return parseDeployment({ stage: 'dev' }, 'the defaults', removeDataOf);
  let settings: unknown;
  try {
    settings = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new DeploymentError(`${file} cannot be read as JSON: ${(error as Error).message}`, { cause: error });
  }
  return parseDeployment(settings, file, removeDataOf);
}
