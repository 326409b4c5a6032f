import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Deployment } from '../settings.ts';

/** What a state machine is made of. */
interface MachineParts {
  readonly id: string;
  readonly name: string;
  readonly definition: object;
  readonly role: Role;
}

/** A traced state machine whose log tells which state ran when and why it failed, not what it was told. */
export function machineOf(
  scope: Construct,
  deployment: Deployment,
  { id, name, definition, role }: MachineParts,
): StateMachine {
  return new StateMachine(scope, id, {
    stateMachineName: name,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(definition)),
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Log', {
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: deployment.mayRemoveData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
}
