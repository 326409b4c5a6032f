import { App } from 'aws-cdk-lib';
import { DeploymentError, readDeployment } from '../infra/settings.ts';
import { WinbackStack } from '../infra/winback-stack.ts';

try {
  const deployment = readDeployment(process.env);
  new WinbackStack(new App(), `winback-${deployment.stage}`, deployment);
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  process.stderr.write(`winback: ${error.message}\n`);
  process.exitCode = 2;
}
