/** ISO 4217 code of amounts whose currency nobody states. */
export const noCurrency = 'XXX';
