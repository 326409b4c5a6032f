import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Catalog } from '../catalog/catalog.ts';
import type { Query } from '../query.ts';
import type { Deployment } from '../settings.ts';
import type { Storage } from '../storage.ts';
import { bundling, projectRoot } from './bundle.ts';
import { bucketAccess, statementAccess } from './permissions.ts';
import { type FunctionName, type FunctionSpec, functionNames, functionSpecs } from './specs.ts';

/** What functions work with. */
export interface Surroundings {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly query: Query;
  readonly secret: Secret;
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The functions of the pipeline, each with a role that grants what its spec says. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, NodejsFunction>>;
  readonly logs: Readonly<Record<FunctionName, LogGroup>>;

  constructor(scope: Construct, id: string, deployment: Deployment, around: Surroundings) {
    super(scope, id);
    const logs = functionNames.map((name) => [name, this.logGroup(name, deployment)] as const);
    this.logs = Object.fromEntries(logs) as Record<FunctionName, LogGroup>;
    const made = functionNames.map((name) => [name, this.make(name, deployment, around)] as const);
    this.byName = Object.fromEntries(made) as Record<FunctionName, NodejsFunction>;
  }

  private logGroup(name: FunctionName, deployment: Deployment): LogGroup {
    return new LogGroup(this, `${capitalised(name)}Log`, {
      logGroupName: `/winback/${deployment.stage}/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: deployment.mayRemoveData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  private make(name: FunctionName, deployment: Deployment, around: Surroundings): NodejsFunction {
    const spec: FunctionSpec = functionSpecs[name];
    const { storage, query, catalog, secret } = around;
    return new NodejsFunction(this, capitalised(name), {
      functionName: `winback-${deployment.stage}-${name}`,
      description: `winback: ${spec.does}`,
      entry: `${projectRoot}lambdas/${spec.entry}`,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      projectRoot,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: spec.memoryMb,
      timeout: Duration.minutes(spec.minutes),
      tracing: Tracing.ACTIVE,
      logGroup: this.logs[name],
      role: this.role(name, spec, around),
      bundling: bundling({ threads: spec.threads ?? false }),
      environment: {
        WINBACK_LAKE_BUCKET: storage.lake.bucketName,
        WINBACK_PERSONAL_BUCKET: storage.personal.bucketName,
        WINBACK_DATABASE: catalog.database,
        WINBACK_WORKGROUP: query.workgroup.name,
        WINBACK_CONTACTS_WORKGROUP: query.contactsWorkgroup.name,
        WINBACK_CONFIG: JSON.stringify(deployment.shop),
        ...(spec.landing && { WINBACK_LANDING_BUCKET: storage.landing.bucketName }),
        ...(spec.secret && { WINBACK_SECRET_ID: secret.secretArn }),
        NODE_OPTIONS: `--max-old-space-size=${Math.floor(spec.memoryMb * 0.8)}`,
      },
    });
  }

  private role(name: FunctionName, spec: FunctionSpec, { storage, catalog, query, secret }: Surroundings): Role {
    const { lake, lakeKey, personal, personalKey, landing } = storage;
    const workgroups = spec.statements === 'contacts' ? [query.workgroup, query.contactsWorkgroup] : [query.workgroup];
    const statements = [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logs[name].logGroupArn],
      }),
      ...bucketAccess(lake, lakeKey, spec.lake),
      ...(spec.personal ? bucketAccess(personal, personalKey, spec.personal) : []),
      ...(spec.landing ? bucketAccess(landing, personalKey, { read: [''] }) : []),
      ...(spec.statements
        ? statementAccess(
            this,
            catalog.database,
            workgroups.map((group) => group.name),
          )
        : []),
      ...(spec.secret
        ? [new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] })]
        : []),
    ];
    return new Role(this, `${capitalised(name)}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `winback: ${spec.does}`,
      inlinePolicies: { access: new PolicyDocument({ statements }) },
    });
  }
}
