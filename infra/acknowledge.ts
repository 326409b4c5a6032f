import { Stack, Validations } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Accepts findings of the security rules on a construct and all below it.
 * @param findings reason by rule
 */
export function acknowledge(construct: IConstruct, findings: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(construct).acknowledge({ id, reason });
}

/** A resource of a statement as the rules spell it: references in angle brackets. */
function spelled(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, of] = []] = Object.entries(value as Record<string, unknown>);
  if (kind === 'Ref') return `<${of}>`;
  if (kind === 'Fn::GetAtt') return `<${(of as string[]).join('.')}>`;
  const [delimiter, parts] = of as [string, unknown[]];
  return parts.map(spelled).join(delimiter);
}

/** Accepts the patterns among the resources of statements, each by itself. A test compares all of them with a list. */
export function acknowledgePatterns(role: Role, statements: readonly PolicyStatement[], reason: string): void {
  const resources = statements.flatMap((statement) => statement.resources);
  const names = resources.map((resource) => spelled(Stack.of(role).resolve(resource)));
  for (const name of new Set(names.filter((each) => each.includes('*')))) {
    acknowledge(role, { [`AwsSolutions-IAM5[Resource::${name}]`]: reason });
  }
}
