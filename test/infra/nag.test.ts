import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { deployment, withStack } from './synthesize.ts';

const findings = (pack: NagPack, settings: object): string[] =>
  withStack(deployment(settings), (stack) =>
    pack
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
      ),
  );

test.each([
  ['AwsSolutions', new AwsSolutionsChecks()],
  ['Serverless', new ServerlessChecks()],
])('the rules %s find nothing that has no reason', (_, pack) => {
  expect(findings(pack, { alarm_email: 'operator@example.com' })).toEqual([]);
});

test('a finding is found', () => {
  const found = withStack(deployment(), (stack) => {
    stack.node.findAll().forEach((construct) => {
      const reasons = construct.node.metadata.filter(({ type }) => type.includes('acknowledged'));
      for (const { data } of reasons) for (const id of Object.keys(data)) delete data[id];
    });
    return new AwsSolutionsChecks().validateScope(stack).violations.map(({ ruleName }) => ruleName);
  });
  expect(found).toContain('AwsSolutions-SMG4');
  expect(found.some((rule) => /^AwsSolutions-IAM5\[Resource::<StoragePersonal.*\/published\/\*\]$/.test(rule))).toBe(
    true,
  );
});
