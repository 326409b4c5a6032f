import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Catalog } from './catalog/catalog.ts';
import { Functions } from './functions/functions.ts';
import { IngestPath } from './ingest-path.ts';
import { Notices } from './notices.ts';
import { Alarms } from './operations/alarms.ts';
import { MonthlyBudget, stageTag } from './operations/budget.ts';
import { Overview } from './operations/dashboard.ts';
import { People } from './people/people.ts';
import { Query } from './query.ts';
import type { Deployment } from './settings.ts';
import { Storage } from './storage.ts';
import { Erasure } from './workflow/erasure.ts';
import { NightlySchedule } from './workflow/schedule.ts';
import { Workflow } from './workflow/workflow.ts';

/** All of winback in one account and region, in the order in which data meet it. */
export class WinbackStack extends Stack {
  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id, {
      description: 'winback: customers about to be lost, every night',
      terminationProtection: !deployment.mayRemoveData,
    });
    // Not every region knows tags of dashboards yet, and they cost nothing.
    Tags.of(this).add(stageTag, deployment.stage, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
    const storage = new Storage(this, 'Storage', deployment);
    const catalog = new Catalog(this, 'Catalog', deployment, storage);
    const query = new Query(this, 'Query', deployment, storage);
    const functions = new Functions(this, 'Functions', deployment, { storage, catalog, query });
    const ingestPath = new IngestPath(this, 'IngestPath', storage, functions.byName.ingest);
    const notices = new Notices(this, 'Notices', deployment);
    const workflow = new Workflow(this, 'Workflow', deployment, { storage, functions, notices });
    const erasure = new Erasure(this, 'Erasing', deployment, functions.byName.erase);
    const { stateMachine } = workflow;
    const schedule = new NightlySchedule(this, 'Schedule', deployment, { stateMachine, watch: functions.byName.watch });
    const watched = { functions, ingestPath, workflow, erasure, schedule, notices };
    const alarms = new Alarms(this, 'Alarms', deployment, watched);
    new Overview(this, 'Overview', deployment, watched, alarms, query);
    new MonthlyBudget(this, 'Budget', deployment, notices);
    const people = new People(this, 'People', deployment, { storage, catalog, query });
    const outputs = {
      LandingBucket: storage.landing.bucketName,
      LakeBucket: storage.lake.bucketName,
      PersonalBucket: storage.personal.bucketName,
      Database: catalog.database,
      Workgroup: query.workgroup.name,
      Night: stateMachine.stateMachineArn,
      Erasure: erasure.stateMachine.stateMachineArn,
      AnalystRole: people.analyst.roleArn,
      MarketingRole: people.marketing.roleArn,
      AnalystsWorkgroup: query.analystsWorkgroup.name,
      PublishedTopic: notices.published.topicArn,
      ContactsWorkgroup: query.contactsWorkgroup.name,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
