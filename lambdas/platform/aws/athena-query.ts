import { createHash } from 'node:crypto';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { exitCodes, QueryError, WinbackError } from '../errors.ts';
import type { Statement } from '../statement.ts';
import { backoff, sleep } from './backoff.ts';

/** Athena was given up on: a query did not end in time. It has been stopped. */
export class QueryTimeout extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** Where a query runs, and what makes its token. */
export interface QueryPlace {
  readonly database: string;
  readonly workgroup: string;
  /** Names the attempt at a step: the same statement of the same attempt is one query, however often it is started. */
  readonly scope: string;
}

/** How long what is waited for. Milliseconds. */
export interface Patience {
  /** For a query to end, queueing included. */
  readonly query: number;
  /** For a query that failed because S3 was too busy to be taken up again by Athena itself. */
  readonly recovery: number;
  readonly firstPoll: number;
  /** By how much Athena's clock and ours may differ. */
  readonly clockSkew: number;
}

export const patience: Patience = { query: 12 * 60_000, recovery: 60_000, firstPoll: 200, clockSkew: 30_000 };

const mostTries = 4;
const longestPoll = 5_000;

/** Failures of the service, not of the statement: starting anew may help. */
const isPassing = (reason: string): boolean =>
  /SlowDown|Slow Down|\b503\b|Throttl|INTERNAL_ERROR|GENERIC_INTERNAL|EXCEEDED_.*WAIT|Query exhausted resources|HIVE_CANNOT_OPEN_SPLIT/i.test(
    reason,
  );

const reasonOf = (execution: QueryExecution): string =>
  execution.Status?.StateChangeReason ?? execution.Status?.AthenaError?.ErrorMessage ?? 'no reason given';

const tokenOf = (place: QueryPlace, statement: Statement, attempt: number): string =>
  createHash('sha256')
    .update(JSON.stringify([place.scope, statement.name, statement.sql, attempt]))
    .digest('hex');

async function start(client: AthenaClient, place: QueryPlace, statement: Statement, attempt: number): Promise<string> {
  const started = await client.send(
    new StartQueryExecutionCommand({
      QueryString: statement.sql,
      WorkGroup: place.workgroup,
      QueryExecutionContext: { Database: place.database },
      ClientRequestToken: tokenOf(place, statement, attempt),
    }),
  );
  return started.QueryExecutionId ?? '';
}

async function executionOf(client: AthenaClient, id: string): Promise<QueryExecution> {
  const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
  if (!QueryExecution) throw new Error(`Athena knows no execution ${id}`);
  return QueryExecution;
}

/**
 * Waits until a query has ended. A failure because S3 was too busy is not believed at once: Athena takes such queries up
 * again by itself.
 */
async function ended(
  client: AthenaClient,
  id: string,
  statement: Statement,
  limits: Patience,
): Promise<QueryExecution> {
  const begun = Date.now();
  let failedAt: number | null = null;
  for (let polls = 0; ; polls++) {
    const execution = await executionOf(client, id);
    const state = execution.Status?.State;
    if (state === 'SUCCEEDED' || state === 'CANCELLED') return execution;
    if (state === 'FAILED') {
      failedAt ??= Date.now();
      const mayRecover = /SlowDown|Slow Down/i.test(reasonOf(execution));
      if (!mayRecover || Date.now() - failedAt >= limits.recovery) return execution;
    } else failedAt = null;
    if (Date.now() - begun > limits.query) {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      const minutes = Math.round(limits.query / 60_000);
      throw new QueryTimeout(
        `statement ${statement.name}: Athena execution ${id} was ${state} for more than ${minutes} minutes and was stopped`,
        'Look at the workgroup for queued queries, then run the night again.',
      );
    }
    await sleep(backoff(polls, limits.firstPoll, longestPoll));
  }
}

/**
 * Runs a statement to its end. The same statement of the same attempt at a step is started once, whoever asks again; a
 * failure of the service is tried anew. What an earlier call of the function has left, stopped or failed, is passed over.
 * @param sqlOf the statement's SQL for a try, so that each can write to a place of its own
 * @throws QueryError when the statement itself fails or is cancelled, QueryTimeout when it does not end
 */
export async function runQuery(
  client: AthenaClient,
  place: QueryPlace,
  name: string,
  sqlOf: (attempt: number) => string,
  limits: Patience = patience,
): Promise<{ readonly execution: QueryExecution; readonly attempt: number }> {
  const begun = Date.now();
  for (let attempt = 0, failures = 0; ; attempt++) {
    const statement = { name, sql: sqlOf(attempt) };
    const execution = await ended(client, await start(client, place, statement, attempt), statement, limits);
    if (execution.Status?.State === 'SUCCEEDED') return { execution, attempt };
    const submitted = execution.Status?.SubmissionDateTime?.getTime() ?? begun;
    if (submitted < begun - limits.clockSkew) continue;
    const reason = reasonOf(execution);
    failures++;
    const mayTryAgain = execution.Status?.State === 'FAILED' && isPassing(reason) && failures < mostTries;
    if (!mayTryAgain) {
      const cause = new Error(`${execution.Status?.State} (Athena execution ${execution.QueryExecutionId}): ${reason}`);
      throw new QueryError(name, statement.sql, { cause });
    }
    await sleep(backoff(failures, limits.firstPoll * 5));
  }
}
