import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoShop, writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { type CsvRecord, groupBy, readCsv } from './read-csv.ts';

const directory = mkdtempSync(join(tmpdir(), 'demo-shop-'));

afterAll(() => rmSync(directory, { recursive: true }));

describe('the shop that is written by default', () => {
  let shop: DemoShop;
  let files: CsvRecord[][];
  let truth: CsvRecord[];
  /** Rows of each order by export, without the bad records. */
  let orders: Map<string, CsvRecord[]>[];
  /** First row of each order as told last. */
  let latest: Map<string, CsvRecord>;

  beforeAll(async () => {
    shop = await writeDemoShop(directory);
    files = shop.exportFiles.map(readCsv);
    truth = readCsv(shop.truthFile);
    orders = files.map((rows) => groupBy(rows.filter(isGood), (row) => row.order_id!));
    latest = new Map(orders.flatMap((file) => [...file].map(([id, rows]) => [id, rows[0]!] as const)));
  });

  it('counts what it wrote', () => {
    expect(shop.customers).toBe(4_000);
    expect(truth).toHaveLength(4_000);
    expect(latest.size).toBe(shop.orders);
    expect(shop.badRecords).toBe(8);
    expect(files.map((rows) => rows.filter((row) => !isGood(row)).length)).toEqual([5, 1, 2]);
  });

  it('goes with its configuration', () => {
    expect(JSON.parse(readFileSync(shop.configFile, 'utf8'))).toEqual({
      shop: { source: 'demo-roastery', time_zone: 'Europe/Budapest', currency: 'EUR', language: 'en' },
    });
    expect(new Set([...latest.values()].map((row) => row.currency))).toEqual(new Set(['EUR']));
  });

  it('has bad records under ids that no order has', () => {
    const bad = files.flat().filter((row) => !isGood(row));
    expect(bad.filter((row) => row.order_id === '')).toHaveLength(3);
    expect(bad.filter((row) => row.order_ts!.includes('-02-30T'))).toHaveLength(3);
    expect(bad.filter((row) => row.total === 'see invoice')).toHaveLength(2);
    expect(bad.some((row) => latest.has(row.order_id!))).toBe(false);
  });

  it('charges the lines less the discount, the same on every row of an order', () => {
    const ofLine = new Set(['sku', 'product', 'category', 'quantity', 'unit_price']);
    for (const rows of orders.flatMap((file) => [...file.values()])) {
      const first = rows[0]!;
      const gross = rows.reduce((sum, row) => sum + Number(row.quantity) * cents(row.unit_price!), 0);
      expect(cents(first.total!)).toBe(gross - cents(first.discount!));
      expect(cents(first.total!)).toBeGreaterThan(0);
      expect(cents(first.refunded!)).toBeLessThanOrEqual(cents(first.total!));
      expect(new Set(rows.map((row) => row.sku)).size).toBe(rows.length);
      for (const row of rows) {
        expect(Object.keys(row).filter((name) => row[name] !== first[name] && !ofLine.has(name))).toEqual([]);
      }
    }
  });

  it('refunds what its status says', () => {
    for (const row of latest.values()) {
      const [total, refunded] = [cents(row.total!), cents(row.refunded!)];
      const status = refunded === 0 ? null : refunded === total ? 'refunded' : 'partially_refunded';
      if (status === null) expect(['refunded', 'partially_refunded']).not.toContain(row.status);
      else expect(row.status).toBe(status);
    }
  });

  it('tells nothing after its day, and nothing before it happened', () => {
    for (const [index, file] of orders.entries()) {
      const exported = /\d{4}-\d\d-\d\d/.exec(shop.exportFiles[index]!)![0];
      for (const [row] of file.values()) {
        expect(budapestDate(row!.updated_at!) <= exported).toBe(true);
        expect(Date.parse(row!.updated_at!)).toBeGreaterThanOrEqual(Date.parse(row!.order_ts!));
      }
    }
  });

  it('tells some orders again, unchanged or with a newer state', () => {
    for (const [earlier, later] of [
      [orders[0]!, orders[1]!],
      [orders[1]!, orders[2]!],
    ] as const) {
      const again = [...later]
        .filter(([id]) => earlier.has(id))
        .map(([id, [row]]) => ({ row, before: earlier.get(id)![0]! }));
      const changed = again.filter(({ row, before }) => row!.status !== before.status);
      expect(again.length).toBeGreaterThan(changed.length);
      expect(changed.filter(({ row }) => row!.status!.endsWith('refunded')).length).toBeGreaterThan(0);
      for (const { row, before } of again) {
        expect(Date.parse(row!.order_ts!)).toBe(Date.parse(before.order_ts!));
        expect(row!.total).toBe(before.total);
        const newer = Date.parse(row!.updated_at!) - Date.parse(before.updated_at!);
        expect(row!.status === before.status ? newer === 0 : newer > 0).toBe(true);
      }
    }
    const placedLongBefore = [...orders[2]!.values()].filter(([row]) => budapestDate(row!.order_ts!) < '2026-09-08');
    expect(placedLongBefore.length).toBeGreaterThan(0);
    expect(placedLongBefore.every(([row]) => budapestDate(row!.updated_at!) > '2026-09-08')).toBe(true);
    const moves = new Set(
      [...orders[1]!, ...orders[2]!].flatMap(([id, [row]]) => {
        const before = orders[0]!.get(id)?.[0];
        return before === undefined ? [] : [`${before.status} ${row!.status}`];
      }),
    );
    expect([...moves]).toEqual(expect.arrayContaining(['paid completed', 'completed refunded', 'paid cancelled']));
  });

  it('loses customers for good on the day that the truth says', () => {
    const ordersOf = byCustomer(latest, truth);
    for (const row of truth) {
      const days = ordersOf(row)
        .map((order) => budapestDate(order.order_ts!))
        .sort();
      expect(days[0]).toBe(row.first_order_date);
      expect(row.lost_on === '' || days.at(-1)! <= row.lost_on!).toBe(true);
      expect(row.lost_on === '' || row.lost_on! <= shop.asOf).toBe(true);
      if (row.kind === 'one_and_done') expect([row.purchases, row.lost_on]).toEqual(['1', row.first_order_date]);
    }
  });

  it('is a shop with a problem: half of its customers lost, many after one order', () => {
    const ordersOf = byCustomer(latest, truth);
    const gaps: number[] = [];
    let buyers = 0;
    let once = 0;
    for (const row of truth) {
      const days = new Set(
        ordersOf(row)
          .filter(isPurchase)
          .map((order) => Date.parse(budapestDate(order.order_ts!)) / 86_400_000),
      );
      const sorted = [...days].sort((a, b) => a - b);
      buyers += sorted.length > 0 ? 1 : 0;
      once += sorted.length === 1 ? 1 : 0;
      gaps.push(...sorted.slice(1).map((day, index) => day - sorted[index]!));
    }
    const lost = truth.filter((row) => row.lost_on !== '').length / truth.length;
    const medianGap = gaps.sort((a, b) => a - b)[gaps.length >> 1]!;
    expect(lost).toBeGreaterThan(0.35);
    expect(lost).toBeLessThan(0.65);
    expect(Math.abs(once / buyers - 0.45)).toBeLessThan(0.05);
    expect(medianGap).toBeGreaterThanOrEqual(40);
    expect(medianGap).toBeLessThanOrEqual(60);
  });

  it('gives signs of loss that can be read: silence, and refunds', () => {
    const ordersOf = byCustomer(latest, truth);
    const scored = truth
      .filter((row) => row.kind !== 'one_and_done')
      .map((row) => ({
        silence: -Math.max(...ordersOf(row).map((order) => Date.parse(order.order_ts!))),
        refunded: ordersOf(row).some((order) => order.refunded !== '0.00'),
        many: ordersOf(row).length > 3,
        lost: row.lost_on !== '',
      }));
    expect(areaUnderRoc(scored.map(({ silence, lost }) => ({ score: silence, lost })))).toBeGreaterThan(0.75);
    const lossOf = (group: typeof scored) => group.filter(({ lost }) => lost).length / group.length;
    const frequent = scored.filter(({ many }) => many);
    expect(lossOf(frequent.filter(({ refunded }) => refunded))).toBeGreaterThan(
      lossOf(frequent.filter(({ refunded }) => !refunded)) + 0.05,
    );
  });

  it('grows, and peaks before Christmas', () => {
    const months = groupBy(latest.values(), (row) => budapestDate(row.order_ts!).slice(0, 7));
    const count = (month: string) => months.get(month)!.length;
    expect(count('2025-12')).toBeGreaterThan(1.3 * count('2025-09'));
    expect(count('2025-12')).toBeGreaterThan(1.2 * count('2026-02'));
    expect(count('2026-06')).toBeGreaterThan(1.3 * count('2025-06'));
  });

  it('has every kind of order and buyer that a real export has', () => {
    const rows = [...latest.values()];
    const share = (test: (row: CsvRecord) => boolean) => rows.filter(test).length / rows.length;
    for (const status of [
      'completed',
      'paid',
      'pending',
      'cancelled',
      'failed',
      'test',
      'refunded',
      'partially_refunded',
    ]) {
      expect([status, share((row) => row.status === status) > 0]).toEqual([status, true]);
    }
    expect(share((row) => row.status === 'completed')).toBeGreaterThan(0.85);
    const unknown = share((row) => row.customer_id === '' && row.email === '');
    expect(unknown).toBeGreaterThan(0.06);
    expect(unknown).toBeLessThan(0.14);
    for (const odd of [
      (row: CsvRecord) => row.email!.startsWith('guest@'),
      (row: CsvRecord) => row.customer_id === '0',
      (row: CsvRecord) => row.customer_id === '' && row.first_name !== '',
      (row: CsvRecord) => row.email !== row.email!.trim(),
      (row: CsvRecord) => row.email !== row.email!.toLowerCase(),
      (row: CsvRecord) => /\p{Script=Thai}/u.test(row.first_name!),
      (row: CsvRecord) => /\p{Script=Han}/u.test(row.last_name!),
      (row: CsvRecord) => /[őű]/i.test(row.last_name!),
    ]) {
      expect([String(odd), share(odd) > 0]).toEqual([String(odd), true]);
    }
    const values = (column: string) => [...new Set(rows.map((row) => row[column]!))].sort();
    expect(values('channel')).toEqual(['app', 'pos', 'web']);
    expect(values('accepts_marketing')).toEqual(['', 'no', 'yes']);
    expect(values('country')).toEqual(['AT', 'CZ', 'DE', 'FR', 'HU', 'IE', 'RO', 'SK', 'TH', 'TW']);
    expect(truth.filter((row) => row.other_customer_id !== '').length).toBeGreaterThan(10);
  });

  it('gives nobody the e-mail, id or phone of somebody else', () => {
    const known = [...latest.values()].filter((row) => row.first_name !== '' && row.status !== 'test');
    const phones = groupBy(
      known.filter((row) => row.phone !== ''),
      (row) => row.phone!,
    );
    for (const rows of phones.values())
      expect(new Set(rows.map((row) => row.first_name! + row.last_name!)).size).toBe(1);
    expect(new Set(truth.map((row) => row.customer_id)).size).toBe(truth.length);
    const emails = truth.map((row) => row.email!).filter((email) => email !== '');
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails.every((email) => /^[a-z.\d]+@(example\.(com|org|net)|mail\.example)$/.test(email))).toBe(true);
  });
});

function isGood(row: CsvRecord): boolean {
  return row.order_id !== '' && row.total !== 'see invoice' && !row.order_ts!.includes('-02-30T');
}

function isPurchase(row: CsvRecord): boolean {
  return !['cancelled', 'failed', 'pending', 'test'].includes(row.status!) && row.refunded !== row.total;
}

function cents(money: string): number {
  expect(money).toMatch(/^\d+\.\d\d$/);
  return Number(money.replace('.', ''));
}

const budapest = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Budapest', dateStyle: 'short' });

function budapestDate(instant: string): string {
  return budapest.format(new Date(instant));
}

/** Finds the orders of a customer of the truth by either id or, where an order has none, by e-mail. */
function byCustomer(latest: Map<string, CsvRecord>, truth: CsvRecord[]): (row: CsvRecord) => CsvRecord[] {
  const idOf = new Map(
    truth.flatMap((row) => [row.customer_id, row.other_customer_id, row.email].map((key) => [key, row.customer_id])),
  );
  idOf.delete('');
  const found = groupBy(
    latest.values(),
    (row) => idOf.get(row.customer_id) ?? idOf.get(row.email!.trim().toLowerCase()),
  );
  return (row) => found.get(row.customer_id) ?? [];
}

/** Mann–Whitney: the chance that somebody lost scores above somebody who is not; ties count half. */
function areaUnderRoc(scored: { score: number; lost: boolean }[]): number {
  const [lost, alive] = [scored.filter((one) => one.lost), scored.filter((one) => !one.lost)];
  let wins = 0;
  for (const a of lost) for (const b of alive) wins += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
  return wins / (lost.length * alive.length);
}
