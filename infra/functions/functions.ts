import { AssetHashType, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge, acknowledgePatterns } from '../acknowledge.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Query } from '../query.ts';
import type { Deployment } from '../settings.ts';
import type { Storage } from '../storage.ts';
import { bundleFunction, sourcesFolder } from './bundle.ts';
import { bucketAccess, landingAccess, statementAccess } from './permissions.ts';
import { type FunctionName, type FunctionSpec, functionNames, functionSpecs } from './specs.ts';

/** What functions work with. */
export interface Surroundings {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly query: Query;
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const perFunction = <T>(make: (name: FunctionName) => T): Readonly<Record<FunctionName, T>> =>
  Object.fromEntries(functionNames.map((name) => [name, make(name)])) as Record<FunctionName, T>;

/** Memory that is left to what is not on the heap: WebAssembly, buffers, the runtime itself. */
const heapShare = 0.8;

/** The functions of the pipeline, each with a role that grants what its spec says, and the secret of the pseudonyms. */
export class Functions extends Construct {
  readonly secret: Secret;
  readonly logs: Readonly<Record<FunctionName, LogGroup>>;
  readonly byName: Readonly<Record<FunctionName, Lambda>>;

  constructor(scope: Construct, id: string, deployment: Deployment, around: Surroundings) {
    super(scope, id);
    const removalPolicy = deployment.mayRemoveData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.secret = new Secret(this, 'Secret', {
      description: 'winback: turns e-mail addresses, phone and customer numbers into pseudonyms. Never change it.',
      encryptionKey: around.storage.personalKey,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    });
    acknowledge(this, {
      'AwsSolutions-SMG4': 'Rotating the secret would make strangers of all customers: pseudonyms are made of it.',
      'Serverless-LambdaDLQ': 'A state machine or a queue waits for each, or its failures have a destination.',
    });
    this.logs = perFunction(
      (name) =>
        new LogGroup(this, `${capitalised(name)}Log`, {
          logGroupName: `/winback/${deployment.stage}/${name}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy,
        }),
    );
    this.byName = perFunction((name) => this.make(name, deployment, around));
  }

  private make(name: FunctionName, deployment: Deployment, around: Surroundings): Lambda {
    const spec: FunctionSpec = functionSpecs[name];
    const { storage, query, catalog } = around;
    return new Lambda(this, capitalised(name), {
      functionName: `winback-${deployment.stage}-${name}`,
      description: `winback: ${spec.does}`,
      code: this.code(spec, deployment),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: spec.memoryMb,
      timeout: Duration.minutes(spec.minutes),
      tracing: Tracing.ACTIVE,
      logGroup: this.logs[name],
      role: this.role(name, spec, around),
      environment: {
        WINBACK_CONFIG: '/var/task/config.json',
        WINBACK_LAKE_BUCKET: storage.lake.bucketName,
        WINBACK_PERSONAL_BUCKET: storage.personal.bucketName,
        WINBACK_DATABASE: catalog.database,
        WINBACK_WORKGROUP: query.workgroup.name,
        WINBACK_CONTACTS_WORKGROUP: query.contactsWorkgroup.name,
        ...(spec.landing && { WINBACK_LANDING_BUCKET: storage.landing.bucketName }),
        ...(spec.secret && { WINBACK_SECRET_ID: this.secret.secretArn }),
        NODE_OPTIONS: `--max-old-space-size=${Math.floor(spec.memoryMb * heapShare)}`,
      },
    });
  }

  /** Bundled on this machine, when the stack is synthesized; named by what comes out. */
  private code({ entry, threads = false }: FunctionSpec, { shop }: Deployment): Code {
    const tryBundle = (outputFolder: string): boolean => {
      bundleFunction(entry, outputFolder, { threads, shop });
      return true;
    };
    const image = DockerImage.fromRegistry('none');
    return Code.fromAsset(sourcesFolder, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: { image, local: { tryBundle }, command: [entry] },
    });
  }

  private role(name: FunctionName, spec: FunctionSpec, { storage, catalog, query }: Surroundings): Role {
    const { lake, lakeKey, personal, personalKey, landing } = storage;
    const groups = spec.statements === 'contacts' ? [query.workgroup, query.contactsWorkgroup] : [query.workgroup];
    const results = spec.statements === 'contacts' ? [lake, personal] : [lake];
    const statements = [
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logs[name].logGroupArn],
      }),
      ...bucketAccess(lake, lakeKey, spec.lake),
      ...(spec.personal ? bucketAccess(personal, personalKey, spec.personal) : []),
      ...(spec.landing ? landingAccess(landing, personalKey, spec.landing) : []),
      ...(spec.statements
        ? statementAccess(this, {
            database: catalog.database,
            workgroups: groups.map((group) => group.name),
            resultBuckets: results,
            mayRegister: !spec.forgets,
            mayForget: spec.forgets ?? false,
          })
        : []),
      ...(spec.secret ? secretAccess(this.secret, personalKey) : []),
    ];
    const role = new Role(this, `${capitalised(name)}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `winback: ${spec.does}`,
      inlinePolicies: { access: new PolicyDocument({ statements }) },
    });
    acknowledgePatterns(role, statements, 'Objects and tables are named by run and content; a zone is a prefix.');
    acknowledge(role, { 'AwsSolutions-IAM5[Resource::*]': 'X-Ray knows no resources. A test allows nothing else.' });
    return role;
  }
}

const secretAccess = (secret: Secret, key: Key): PolicyStatement[] => [
  new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
  new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
];
