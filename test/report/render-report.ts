import { isoDate } from '../../lambdas/lake/day.ts';
import { report } from '../../lambdas/report/report.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { type NightOptions, type PlausibleNight, plausibleNight } from './plausible-night.ts';
import { asOf } from './plausible-rows.ts';

/** The page that the report step leaves in the lake. */
export async function render(lake: TestLake, input: PlausibleNight['input']): Promise<string> {
  const { reportKey } = await report(lake, input);
  return new TextDecoder().decode((await lake.store.read(reportKey))?.body);
}

export interface RenderedNight {
  readonly night: PlausibleNight;
  readonly page: string;
}

/** One plausible night and its page, rendered in a lake of its own. */
export async function reportOf(options: NightOptions = {}, settings: unknown = {}): Promise<RenderedNight> {
  const lake = await testLake(isoDate(asOf), settings);
  try {
    const night = await plausibleNight(lake, options);
    return { night, page: await render(lake, night.input) };
  } finally {
    await lake.close();
  }
}

/** The part of a page that is one headline figure. */
export function tile(page: string, id: string): string {
  const from = page.indexOf(`id="tile-${id}"`);
  return page.slice(from, page.indexOf('</div>', from));
}
