const whole = new Intl.NumberFormat('en-GB');

/** 1067370 as 1,067,370, for messages of the command line and of gates, which are English. */
export const counted = (count: number): string => whole.format(count);

/** "1 file", "3 files". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${counted(count)} ${count === 1 ? one : many}`;
