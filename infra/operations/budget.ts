import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import type { Notices } from '../notices.ts';
import type { Deployment } from '../settings.ts';

/** The tag on everything that winback makes; its costs are told apart by it once it is activated in the account. */
export const stageTag = 'winback:stage';

/** Warns when winback has spent most of the month's budget, and when it is likely to spend more. */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, notices: Notices) {
    super(scope, id);
    const warn = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
      subscribers: [{ subscriptionType: 'SNS', address: notices.alarms.topicArn }],
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: `winback-${deployment.stage}`,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: deployment.monthly_budget_usd, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:${stageTag}$${deployment.stage}`] },
      },
      notificationsWithSubscribers: [warn('ACTUAL', 80), warn('FORECASTED', 100)],
    });
  }
}
