import { type ExitCode, exitCodes } from '../../../lambdas/platform/errors.ts';
import { counted, plural } from '../../../lambdas/wording/counts.ts';
import { methodName } from '../../../lambdas/wording/names.ts';
import { type Terminal, tableLines } from '../../terminal.ts';
import { reasonsText, sumOf } from './figures.ts';
import { erasedNotice, type Published, withdrawnOf } from './published.ts';

const header = ['campaign', 'people', 'new', 'left', 'control', 'excluded', 'value at risk', 'profit', 'offer'];

/** All lists of the current night: how old, how long, who is not on them, and what their size can show. */
export function overview({ manifest, ageInDays }: Published, terminal: Terminal): ExitCode {
  const { lists, exclusions } = manifest;
  const withdrawn = withdrawnOf(manifest);
  terminal.json({ ...manifest, age_days: ageInDays, withdrawn });
  terminal.line(
    `  Lists of ${manifest.as_of} (${plural(ageInDays, 'day')} old), scores by ${methodName('en', manifest.score_basis)}, horizon ${manifest.horizon_days} days`,
  );
  terminal.line(`  Model ${manifest.model_verdict}: ${manifest.model_reason}`);
  erasedNotice(withdrawn, terminal);
  const rows = lists.map((list) => [
    list.campaign,
    counted(list.rows),
    counted(list.new_members),
    counted(sumOf(list.left)),
    counted(list.control),
    counted(sumOf(list.excluded)),
    list.value_at_risk,
    list.expected_profit ?? '',
    list.offer,
  ]);
  for (const line of tableLines(header, rows)) terminal.line(line);

  const withExcluded = lists.filter((list) => sumOf(list.excluded) > 0);
  if (withExcluded.length > 0) {
    terminal.line();
    terminal.line('  Not on a list although they fit');
    const excluded = withExcluded.map((list) => [list.campaign, reasonsText(list.excluded)]);
    for (const line of tableLines(['campaign', 'because'], excluded)) terminal.line(line);
  }
  terminal.line();
  terminal.line('  What their size can show, in points of reactivation');
  const power = lists.map((list) => [
    list.campaign,
    list.smallest_lift_points?.toFixed(1) ?? 'none',
    list.expected_lift_points.toFixed(1),
    list.customers_needed === null ? '' : counted(list.customers_needed),
  ]);
  for (const line of tableLines(['campaign', 'smallest lift', 'expected', 'customers needed'], power))
    terminal.line(line);

  terminal.line();
  terminal.line('  Audiences to exclude');
  const audiences = exclusions.map((each) => [each.audience, counted(each.rows), reasonsText(each.because)]);
  for (const line of tableLines(['audience', 'people', 'because'], audiences)) terminal.line(line);
  return exitCodes.ok;
}
