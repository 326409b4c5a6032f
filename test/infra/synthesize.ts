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

/** The template of the whole stack, synthesized in process and without bundling. */
export function templateOf(settings: Deployment): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'winback-synth-'));
  const app = new App({ outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(new WinbackStack(app, `winback-${settings.stage}`, settings));
  rmSync(outdir, { recursive: true });
  return template;
}
