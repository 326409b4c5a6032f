import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { functionSpecs } from '../functions/specs.ts';
import type { Deployment } from '../settings.ts';
import { functionRetries } from './retries.ts';
import { machineOf } from './state-machine.ts';

/** Some terabytes of kept nights; beyond this something hangs. */
const longestErasureSeconds = 24 * 3600;

/**
 * Erasing as a state machine: the function is called with what the operator said until it says that it is done, because
 * one call may be too short for all that is kept. Where it stopped lies in the lake.
 */
export const erasureDefinition = (eraseArn: string) => ({
  Comment: 'winback: forget the people whom requests name',
  StartAt: 'Erase',
  TimeoutSeconds: longestErasureSeconds,
  States: {
    Erase: {
      Type: 'Task',
      Resource: eraseArn,
      InputPath: '$$.Execution.Input',
      TimeoutSeconds: functionSpecs.erase.minutes * 60 + 30,
      Retry: functionRetries,
      Next: 'IsDone',
    },
    IsDone: {
      Type: 'Choice',
      Choices: [{ Variable: '$.is_done', BooleanEquals: false, Next: 'Erase' }],
      Default: 'Erased',
    },
    Erased: { Type: 'Succeed' },
  },
});

/** Carries out requests to erase people, when an operator starts it. */
export class Erasure extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, deployment: Deployment, erase: Lambda) {
    super(scope, id);
    const name = `winback-${deployment.stage}-erasure`;
    const statements = [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [erase.functionArn] })];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'winback: carries out requests to erase people',
      inlinePolicies: { access: new PolicyDocument({ statements }) },
    });
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray and log delivery know no resources. A test allows nothing else.',
    });
    const definition = erasureDefinition(erase.functionArn);
    this.stateMachine = machineOf(this, deployment, { id: 'Erasure', name, definition, role });
  }
}
