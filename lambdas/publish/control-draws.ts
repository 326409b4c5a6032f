import { createHash } from 'node:crypto';
import type { TableRow } from '../lake/table.ts';
import type { campaigns } from '../lake/tables/campaign-definitions.ts';

/** Values of the last four hex digits of a pseudonym, by which the global control group is drawn. */
export const globalBuckets = 65_536;

/** A prime modulus over which six hex digits of a pseudonym are spread evenly, to draw the control group of a campaign. */
export const drawModulus = 65_537;

/** What makes the draw of a campaign's own control group unlike that of any other: two numbers from its name. */
export function drawOf(name: string): Pick<TableRow<typeof campaigns>, 'control_multiplier' | 'control_offset'> {
  const hash = createHash('sha256').update(name).digest();
  return {
    control_multiplier: 1 + (hash.readUInt32BE(0) % (drawModulus - 1)),
    control_offset: hash.readUInt32BE(4) % drawModulus,
  };
}
