import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { tables } from '../../lambdas/lake/contract.ts';
import type { Deployment } from '../settings.ts';
import type { Storage } from '../storage.ts';
import { publishedView } from './published-view.ts';
import { storedTable } from './stored-table.ts';

const camelCase = (name: string): string =>
  name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What the query engine knows: every table of the contract, and for each run table the view of what is published. */
export class Catalog extends Construct {
  readonly database: string;

  constructor(scope: Construct, id: string, deployment: Deployment, storage: Storage) {
    super(scope, id);
    this.database = `winback_${deployment.stage}`;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.database, description: 'Tables of winback; docs/tables.md describes them.' },
    });
    const add = (tableInput: CfnTable.TableInputProperty): void => {
      const table = new CfnTable(this, camelCase(tableInput.name ?? ''), {
        catalogId: Aws.ACCOUNT_ID,
        databaseName: this.database,
        tableInput,
      });
      table.addResourceDependency(database);
    };
    for (const table of tables) {
      add(storedTable(table, `s3://${(table.personal ? storage.personal : storage.lake).bucketName}`));
      if (table.kind === 'run') add(publishedView(table, this.database));
    }
  }
}
