const codes =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY ' +
  'COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR ' +
  'IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRU ' +
  'MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD ' +
  'SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF ' +
  'XPF YER ZAR ZMW ZWL ZWG';

/** ISO 4217 codes of currencies that shops have sold in since 1995. */
export const currencyCodes: ReadonlySet<string> = new Set(codes.split(' '));

/** Currencies without decimals (ISO 4217 minor unit 0). */
export const wholeCurrencies: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '),
);

/** Currencies with three decimals, where 1.234 is no thousand. */
export const thousandthCurrencies: ReadonlySet<string> = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Smallest amount that can be paid in a currency, in ten-thousandths; 1 where the currency is not known. */
export function smallestAmount(code: string): bigint {
  if (!currencyCodes.has(code)) return 1n;
  return wholeCurrencies.has(code) ? 10_000n : thousandthCurrencies.has(code) ? 10n : 100n;
}

const dollars =
  'USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU BRL BBD BMD BND BSD BZD CVE DOP FJD GYD JMD KYD LRD MOP NAD NIO SBD SRD TOP TTD WST XCD';

/** Currencies that a sign beside an amount can stand for, the sign in upper case without points. */
export const signCurrencies: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    '€': 'EUR',
    '£': 'GBP',
    '₹': 'INR',
    '₽': 'RUB',
    '₩': 'KRW',
    '₪': 'ILS',
    '₫': 'VND',
    '฿': 'THB',
    '₺': 'TRY',
    '₴': 'UAH',
    '₱': 'PHP',
    円: 'JPY',
    元: 'CNY',
    ZŁ: 'PLN',
    KČ: 'CZK',
    FT: 'HUF',
    RM: 'MYR',
    R: 'ZAR',
    SFR: 'CHF',
    LEI: 'RON MDL',
    FR: 'CHF',
    R$: 'BRL',
    US$: 'USD',
    CA$: 'CAD',
    C$: 'CAD NIO',
    AU$: 'AUD',
    A$: 'AUD',
    NZ$: 'NZD',
    HK$: 'HKD',
    NT$: 'TWD',
    MX$: 'MXN',
    S$: 'SGD',
    $: dollars,
    '¥': 'JPY CNY',
    KR: 'SEK NOK DKK ISK',
    RS: 'INR PKR LKR NPR MUR SCR',
  }).map(([sign, codes]) => [sign, new Set(codes.split(' '))] as const),
);

/** ISO 4217 code of what a currency column holds: the code itself or a sign; null where that could be several. */
export function currencyNamed(word: string, usual: string | undefined): string | null {
  const name = word.toUpperCase();
  if (currencyCodes.has(name)) return name;
  const signed = signCurrencies.get(name.replace('.', ''));
  if (usual !== undefined && signed?.has(usual)) return usual;
  return signed?.size === 1 ? [...signed][0]! : null;
}
