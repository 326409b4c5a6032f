import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../../support/states/machine.ts';
import { freePort } from '../free-port.ts';
import { type GatewayOptions, startGateway } from './gateway.ts';

/** How an execution ended, as Step Functions describes it. */
export interface Described {
  readonly executionArn: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** moto's interpreter of state machines behind the protocol of Step Functions. */
export interface StepFunctions {
  /** Runs a definition to its end. */
  execute(definition: Machine, input: object): Promise<Described>;
  close(): Promise<void>;
}

const patienceMs = 180_000;
const authorization =
  'AWS4-HMAC-SHA256 Credential=test/20270101/eu-central-1/states/aws4_request, SignedHeaders=host, Signature=none';

/** Starts moto's server; every call that a state makes goes through a gateway. */
export async function startStepFunctions(python: string, options: GatewayOptions): Promise<StepFunctions> {
  const gateway = await startGateway(options);
  const port = await freePort();
  const moto = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, MOTO_PORT: String(gateway.port), NO_PROXY: 'localhost,127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  moto.stderr.on('data', (text) => said.push(String(text)));
  const kill = () => moto.kill('SIGKILL');
  process.once('exit', kill);
  const endpoint = `http://127.0.0.1:${port}`;
  let executions = 0;

  async function close(): Promise<void> {
    process.off('exit', kill);
    if (moto.exitCode === null && moto.signalCode === null) {
      moto.kill('SIGKILL');
      await once(moto, 'exit');
    }
    await gateway.close();
  }

  async function configure(): Promise<void> {
    const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
    for (const begun = performance.now(); ; await sleep(200)) {
      const answer = await fetch(`${endpoint}/moto-api/config`, { method: 'POST', body }).catch(() => null);
      if (answer?.ok) return;
      if (moto.exitCode === null && performance.now() - begun < patienceMs) continue;
      await close();
      throw new Error(`moto did not start:\n${said.join('').slice(-2000)}`);
    }
  }

  async function ask<T>(action: string, body: object): Promise<T> {
    const headers = {
      authorization,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AWSStepFunctions.${action}`,
    };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${action}: ${(await answer.text()).slice(0, 1000)}`);
    return (await answer.json()) as T;
  }

  await configure();
  return {
    close,
    execute: async (definition, input) => {
      const name = `night-${++executions}`;
      const role = { roleArn: 'arn:aws:iam::123456789012:role/night' };
      const machine = { name, definition: JSON.stringify(definition), ...role };
      const { stateMachineArn } = await ask<{ stateMachineArn: string }>('CreateStateMachine', machine);
      const started = { stateMachineArn, name: 'test', input: JSON.stringify(input) };
      const { executionArn } = await ask<{ executionArn: string }>('StartExecution', started);
      for (const begun = performance.now(); ; await sleep(200)) {
        const described = await ask<Described>('DescribeExecution', { executionArn });
        if (described.status !== 'RUNNING') return described;
        if (performance.now() - begun > patienceMs) throw new Error(`${executionArn} does not end`);
      }
    },
  };
}
