import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Aws, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena';
import { AccountPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, acknowledgePatterns } from '../acknowledge.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { bucketAccess, statementAccess } from '../functions/permissions.ts';
import type { Query } from '../query.ts';
import type { Deployment } from '../settings.ts';
import { analystResultsPrefix, type Storage } from '../storage.ts';

const queriesFolder = fileURLToPath(new URL('./queries/', import.meta.url));

/** What Athena's query editor asks for besides running statements. */
const queryEditorAccess = (scope: Construct, workgroup: string): PolicyStatement[] => [
  new PolicyStatement({
    actions: [
      'athena:GetWorkGroup',
      'athena:GetQueryResults',
      'athena:ListQueryExecutions',
      'athena:BatchGetQueryExecution',
      'athena:ListNamedQueries',
      'athena:GetNamedQuery',
      'athena:BatchGetNamedQuery',
    ],
    resources: [Stack.of(scope).formatArn({ service: 'athena', resource: `workgroup/${workgroup}` })],
  }),
  new PolicyStatement({ actions: ['athena:ListWorkGroups', 'athena:ListDataCatalogs'], resources: ['*'] }),
];

/** What people work with. */
export interface PeopleSurroundings {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly query: Query;
}

/**
 * Roles for people of the account, which an administrator lets them assume. Analysts query every table without contact
 * data in a workgroup of their own; marketing reads published lists and nothing else.
 */
export class People extends Construct {
  readonly analyst: Role;
  readonly marketing: Role;

  constructor(scope: Construct, id: string, deployment: Deployment, { storage, catalog, query }: PeopleSurroundings) {
    super(scope, id);
    const { lake, lakeKey, personal, personalKey } = storage;
    const role = (name: string, does: string, statements: PolicyStatement[]): Role => {
      const made = new Role(this, name, {
        roleName: `winback-${deployment.stage}-${name.toLowerCase()}`,
        assumedBy: new AccountPrincipal(Aws.ACCOUNT_ID),
        description: `winback: ${does}`,
        inlinePolicies: { access: new PolicyDocument({ statements }) },
      });
      acknowledgePatterns(made, statements, 'Objects and tables are named by run and content; a zone is a prefix.');
      return made;
    };
    this.analyst = role('Analyst', 'queries tables without contact data', [
      ...bucketAccess(lake, lakeKey, {
        read: ['ingested/', 'ledger/', 'runs/', analystResultsPrefix],
        write: [analystResultsPrefix],
      }),
      ...statementAccess(this, {
        database: catalog.database,
        workgroups: [query.analystsWorkgroup.name],
        resultBuckets: [lake],
        mayRegister: false,
        mayForget: false,
      }),
      ...queryEditorAccess(this, query.analystsWorkgroup.name),
    ]);
    acknowledge(this.analyst, { 'AwsSolutions-IAM5[Resource::*]': 'Lists of names, which the query editor asks for.' });
    this.marketing = role('Marketing', 'reads published lists', [
      ...bucketAccess(personal, personalKey, { read: ['published/'] }),
    ]);
    for (const file of readdirSync(queriesFolder).sort()) {
      const name = file.replace(/\.sql$/, '');
      const sql = readFileSync(`${queriesFolder}${file}`, 'utf8');
      const saved = new CfnNamedQuery(this, name, {
        name,
        description: /^-- (.*)/.exec(sql)?.[1] ?? name,
        database: catalog.database,
        workGroup: query.analystsWorkgroup.name,
        queryString: sql,
      });
      saved.addResourceDependency(query.analystsWorkgroup);
    }
  }
}
