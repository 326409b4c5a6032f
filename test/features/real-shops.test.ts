import { expect, test } from 'vitest';
import { features } from '../../lambdas/features/features.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind } from '../../lambdas/platform/statement.ts';
import { cdnowOrders, onlineRetailOrders, onlineRetailTwoOrders } from '../retention/real-orders.ts';
import { day, testLake } from '../support/lake.ts';
import { realData } from '../support/real-data.ts';
import { featuresAsOf, type Order } from './oracle.ts';

const horizonDays = 90;

/** Features and RFM of a real order history by the statement and by plain code. */
async function bothWays(rows: Order[], asOf: string) {
  const lake = await testLake(asOf);
  try {
    await lake.put(orders, rows);
    await features(lake, {
      night: lake.night,
      horizon: {
        horizonDays,
        activeWindowDays: horizonDays,
        snapshotDates: [],
        testDates: [],
        trainingDue: false,
      },
    });
    const told = await rowsOf(
      lake.engine,
      bind('features', 'select * from customer_features_runs', {}),
      customerFeatures,
    );
    return { told, plain: featuresAsOf(rows, [], day(asOf), horizonDays) };
  } finally {
    await lake.close();
  }
}

const histories = [
  {
    name: 'CDNOW',
    files: ['cdnow/cdnow_orders.csv.gz'],
    read: ([path = '']: string[]) => cdnowOrders(path),
    asOf: '1998-04-01',
    buyers: 23_502,
  },
  {
    name: 'Online Retail',
    files: ['online-retail/online_retail.csv.gz'],
    read: ([path = '']: string[]) => onlineRetailOrders(path),
    asOf: '2011-09-10',
    buyers: 3_370,
  },
  {
    name: 'Online Retail II',
    files: [
      'online-retail-ii/online_retail_II_year_2009-2010.csv.gz',
      'online-retail-ii/online_retail_II_year_2010-2011.csv.gz',
    ],
    read: onlineRetailTwoOrders,
    asOf: '2011-09-10',
    buyers: 5_281,
  },
];

test.each(histories)(
  'RFM and all features of $name equal the plain computation, to the last customer',
  { timeout: 180_000 },
  async ({ files, read, asOf, buyers }) => {
    const paths = files.map(realData).filter((path) => path !== null);
    if (paths.length < files.length) return expect(paths.length).toBeLessThan(files.length);
    const { told, plain } = await bothWays(read(paths), asOf);
    expect(told).toHaveLength(buyers);
    const byKey = new Map(plain.map((row) => [row.customer_key, row]));
    const different = told.filter((row) =>
      Object.entries(row).some(([name, value]) => value !== byKey.get(row.customer_key)?.[name as keyof typeof row]),
    );
    expect(different).toEqual([]);
    expect(byKey.size).toBe(told.length);
  },
);
