import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Deployment, parseDeployment } from '../../infra/settings.ts';
import { WinbackStack } from '../../infra/winback-stack.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as {
  context: Record<string, unknown>;
};

/** A deployment of stage `test` with all other settings at their defaults, unless given. */
export const deployment = (settings: object = {}, removeDataOf?: string): Deployment =>
  parseDeployment({ stage: 'test', ...settings }, 'test settings', removeDataOf);

/** What is made of the whole stack in process and without bundling. */
export function withStack<T>(settings: Deployment, use: (stack: WinbackStack, app: App) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), 'winback-synth-'));
  try {
    const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    return use(new WinbackStack(app, `winback-${settings.stage}`, settings), app);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The stack's template. */
export const templateOf = (settings: Deployment): Template => withStack(settings, (stack) => Template.fromStack(stack));

/** What a reference, a join or a text of a template says, references in angle brackets. */
export function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  const [[kind, of] = []] = Object.entries(value);
  if (kind === 'Ref') return `<${withoutHash(String(of))}>`;
  if (kind === 'Fn::GetAtt' && Array.isArray(of)) return `<${withoutHash(String(of[0]))}.${of[1]}>`;
  if (kind === 'Fn::Join' && Array.isArray(of)) return (of[1] as unknown[]).map(spelled).join(String(of[0]));
  return JSON.stringify(value);
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');
