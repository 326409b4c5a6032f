import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Buckets } from '../s3/buckets.ts';
import type { AthenaBackend, ResultTable } from './backend.ts';

type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** An answer to one poll, instead of the true one. */
export interface ToldState {
  readonly state: State;
  readonly reason?: string;
}

/** A query as it was started. */
export interface StartedQuery {
  readonly id: string;
  readonly sql: string;
  readonly workgroup: string;
  readonly token: string;
  /** How many with this SQL had been started before. */
  readonly earlier: number;
}

/** What a test does to queries. */
export interface AthenaFaults {
  /** Code of an error that a call is refused with, such as `TooManyRequestsException`. */
  readonly refuse?: (action: string) => string | undefined;
  /** States told to the first polls of a query; afterwards it is told as it is. */
  readonly tell?: (query: StartedQuery) => readonly ToldState[];
  /** A reason for which the query fails instead of being run. */
  readonly fail?: (query: StartedQuery) => string | undefined;
}

interface Execution extends StartedQuery {
  /** Seconds since 1970. */
  readonly submitted: number;
  readonly told: ToldState[];
  state: State;
  reason: string | undefined;
  output: string;
  manifest: string | undefined;
}

export interface AthenaServerOptions {
  readonly backend: AthenaBackend;
  readonly buckets: Buckets;
  /** Where each workgroup leaves results: an `s3://` prefix, whatever the client asks for. */
  readonly workgroups: Readonly<Record<string, string>>;
  readonly faults?: AthenaFaults;
}

export interface AthenaServer {
  readonly endpoint: string;
  /** All queries, in order of their start. */
  readonly queries: readonly StartedQuery[];
  /** Ids of queries that were stopped. */
  readonly stopped: readonly string[];
  close(): Promise<void>;
}

class AthenaError extends Error {
  constructor(
    readonly code: string,
    message: string = code,
  ) {
    super(message);
  }
}

const longestStatement = 262_144;
const startRequest = z.object({
  QueryString: z.string(),
  ClientRequestToken: z.string().min(32).max(128),
  WorkGroup: z.string(),
  QueryExecutionContext: z.object({ Database: z.string() }),
});
const idRequest = z.object({ QueryExecutionId: z.string() });

const unloadForm =
  /^unload \(\n(?<sql>[\s\S]*)\n\) to '(?<prefix>s3:\/\/[^']+\/)' with \(format = 'parquet', compression = 'snappy'\)$/;
const partitionForm =
  /^alter table (?<table>[a-z_]+) add if not exists partition \(as_of = '(?<asOf>[^']+)', run_id = '(?<runId>[^']+)'\) location '(?<place>[^']+)'$/;

const dropForm =
  /^alter table (?<table>[a-z_]+) drop if exists (?<partitions>partition \(as_of = '[^']+', run_id = '[^']+'\)(, partition \(as_of = '[^']+', run_id = '[^']+'\))*)$/;

/** The result as Athena leaves it: every value in quotation marks, nothing for null. */
function csvOf({ names, rows }: ResultTable): string {
  const field = (value: string | null): string => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);
  return [names, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

const bucketAndKey = (uri: string): [string, string] => {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return [bucket, key];
};

/** Athena's protocol as far as winback speaks it, over an engine that runs the statements. */
export async function startAthena({
  backend,
  buckets,
  workgroups,
  faults = {},
}: AthenaServerOptions): Promise<AthenaServer> {
  const executions = new Map<string, Execution>();
  const byToken = new Map<string, Execution>();
  const stopped: string[] = [];

  function leave(uri: string, text: string): void {
    buckets.write(...bucketAndKey(uri), { body: Buffer.from(text), headers: {} });
  }

  async function unload(execution: Execution, sql: string, prefix: string): Promise<void> {
    const [bucket, key] = bucketAndKey(prefix);
    if (buckets.keys(bucket).some((one) => one.startsWith(key))) {
      throw new AthenaError(
        'FAILED',
        `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${prefix}' already exists`,
      );
    }
    const written = await backend.unload(sql, prefix);
    execution.manifest = execution.output.replace(/\.csv$/, '-manifest.csv');
    leave(execution.manifest, written.map((uri) => `${uri}\n`).join(''));
  }

  async function carryOut(execution: Execution): Promise<void> {
    const asUnload = unloadForm.exec(execution.sql)?.groups;
    const asPartition = partitionForm.exec(execution.sql)?.groups;
    if (asUnload) return unload(execution, asUnload.sql!, asUnload.prefix!);
    if (asPartition) {
      const { table, asOf, runId, place } = asPartition;
      return backend.addPartition(table!, [asOf!, runId!], place!);
    }
    const asDrop = dropForm.exec(execution.sql)?.groups;
    if (asDrop) {
      const dropped = asDrop.partitions!.matchAll(/as_of = '([^']+)', run_id = '([^']+)'/g);
      return backend.dropPartitions(
        asDrop.table!,
        Array.from(dropped, ([, asOf, runId]) => [asOf!, runId!]),
      );
    }
    leave(execution.output, csvOf(await backend.select(execution.sql)));
  }

  async function run(execution: Execution): Promise<void> {
    const failure = faults.fail?.(execution);
    try {
      if (failure !== undefined) throw new Error(failure);
      execution.state = 'RUNNING';
      await carryOut(execution);
      if (!stopped.includes(execution.id)) execution.state = 'SUCCEEDED';
    } catch (error) {
      execution.reason = (error as Error).message;
      execution.state = 'FAILED';
    }
  }

  function start(request: z.infer<typeof startRequest>): object {
    const { QueryString: sql, ClientRequestToken: token, WorkGroup: workgroup } = request;
    const place = workgroups[workgroup];
    if (place === undefined) throw new AthenaError('InvalidRequestException', `WorkGroup ${workgroup} is not found.`);
    if (sql.length > longestStatement) throw new AthenaError('InvalidRequestException', 'the query string is too long');
    const same = byToken.get(token);
    if (same && same.sql !== sql)
      throw new AthenaError('InvalidRequestException', 'Idempotent parameters do not match');
    if (same) return { QueryExecutionId: same.id };
    const id = randomUUID();
    const earlier = [...executions.values()].filter((one) => one.sql === sql).length;
    const query = { id, sql, workgroup, token, earlier };
    const execution: Execution = {
      ...query,
      submitted: Date.now() / 1000,
      told: [...(faults.tell?.(query) ?? [])],
      state: 'QUEUED',
      reason: undefined,
      output: `${place}${id}.csv`,
      manifest: undefined,
    };
    executions.set(id, execution);
    byToken.set(token, execution);
    void run(execution);
    return { QueryExecutionId: id };
  }

  function find(id: string): Execution {
    const found = executions.get(id);
    if (!found) throw new AthenaError('InvalidRequestException', `QueryExecution ${id} was not found`);
    return found;
  }

  function get(id: string): object {
    const execution = find(id);
    const told = execution.told.shift();
    return {
      QueryExecution: {
        QueryExecutionId: id,
        Query: execution.sql,
        WorkGroup: execution.workgroup,
        Status: {
          State: told?.state ?? execution.state,
          StateChangeReason: told ? told.reason : execution.reason,
          SubmissionDateTime: execution.submitted,
        },
        ResultConfiguration: { OutputLocation: execution.output },
        Statistics: { DataScannedInBytes: 1_000_000, DataManifestLocation: execution.manifest },
      },
    };
  }

  function stop(id: string): object {
    const execution = find(id);
    stopped.push(id);
    execution.told.length = 0;
    execution.state = 'CANCELLED';
    return {};
  }

  function answer(action: string, body: unknown): object {
    const refusal = faults.refuse?.(action);
    if (refusal !== undefined) throw new AthenaError(refusal);
    if (action === 'StartQueryExecution') return start(startRequest.parse(body));
    if (action === 'GetQueryExecution') return get(idRequest.parse(body).QueryExecutionId);
    if (action === 'StopQueryExecution') return stop(idRequest.parse(body).QueryExecutionId);
    throw new AthenaError('InvalidRequestException', `${action} is not known here`);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(request.headers['x-amz-target']).replace(/^AmazonAthena\./, '');
    const send = (status: number, body: object, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
      response.end(JSON.stringify(body));
    };
    try {
      send(200, answer(action, JSON.parse(Buffer.concat(chunks).toString())));
    } catch (error) {
      const code = error instanceof AthenaError ? error.code : 'InvalidRequestException';
      send(400, { __type: code, Message: (error as Error).message }, { 'x-amzn-errortype': code });
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get queries() {
      return [...executions.values()];
    },
    stopped,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
