import { Aws, Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, acknowledgePatterns } from '../acknowledge.ts';
import type { Functions } from '../functions/functions.ts';
import { type FunctionName, functionNames, nightFunctionNames } from '../functions/specs.ts';
import type { Notices } from '../notices.ts';
import type { Deployment } from '../settings.ts';
import type { Storage } from '../storage.ts';
import { scorePartsLabel, workflowDefinition } from './definition.ts';
import { machineOf } from './state-machine.ts';

/** What a night is made of. */
export interface WorkflowSurroundings {
  readonly storage: Storage;
  readonly functions: Functions;
  readonly notices: Notices;
}

/** The night as a state machine. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, deployment: Deployment, around: WorkflowSurroundings) {
    super(scope, id);
    const { storage, functions, notices } = around;
    const name = `winback-${deployment.stage}-night`;
    const arns = functionNames.map((each) => [each, functions.byName[each].functionArn] as const);
    const definition = workflowDefinition({
      partition: Aws.PARTITION,
      stage: deployment.stage,
      functionArns: Object.fromEntries(arns) as Record<FunctionName, string>,
      lakeBucket: storage.lake.bucketName,
      personalBucket: storage.personal.bucketName,
      alarmsTopic: notices.alarms.topicArn,
      publishedTopic: notices.published.topicArn,
    });
    this.stateMachine = machineOf(this, deployment, { id: 'Night', name, definition, role: this.role(name, around) });
  }

  private role(name: string, { storage, functions, notices }: WorkflowSurroundings): Role {
    const stack = Stack.of(this);
    const states = (resource: string): string => stack.formatArn({ service: 'states', resource });
    const statements = [
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: nightFunctionNames.map((each) => functions.byName[each].functionArn),
      }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [storage.lake.arnForObjects('runs/steps/*')] }),
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [storage.lakeKey.keyArn] }),
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [notices.alarms.topicArn, notices.published.topicArn],
      }),
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [notices.key.keyArn] }),
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [stack.formatArn({ service: 'events', resource: 'event-bus/default' })],
        conditions: { 'ForAllValues:StringEquals': { 'events:source': 'winback' } },
      }),
      // A distributed map runs executions of the machine itself, named by the map's label.
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [states(`stateMachine:${name}`)] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
        resources: [states(`execution:${name}/${scorePartsLabel}:*`)],
      }),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'winback: runs the night',
      inlinePolicies: { access: new PolicyDocument({ statements }) },
    });
    acknowledgePatterns(role, statements, 'Item lists and executions of the map are named by the run.');
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray and log delivery know no resources. A test allows nothing else.',
    });
    return role;
  }
}
