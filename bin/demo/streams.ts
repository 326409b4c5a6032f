/** Stream numbers of the simulation's random generators: one per purpose, so that none disturbs another. */
export const streams = { joining: 1, customers: 2, purchases: 3, unknownBuyers: 4, tests: 5 } as const;
