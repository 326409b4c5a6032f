/** ISO 3166-1 alpha-2, with XK, which platforms use for Kosovo. */
const codes = new Set(
  [
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ',
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO',
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE',
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO',
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW',
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM',
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW',
  ].flatMap((line) => line.split(' ')),
);

/** What exports call countries besides the names that Unicode has. */
const furtherNames: Readonly<Record<string, string>> = {
  GB: 'UK,GBR,Great Britain,England,Scotland,Wales,Northern Ireland',
  US: 'USA,United States of America,America',
  IE: 'EIRE,Republic of Ireland',
  NL: 'Holland,The Netherlands',
  CZ: 'Czech Republic,Česká republika',
  ZA: 'RSA,Republic of South Africa',
  AE: 'UAE',
  KR: 'Republic of Korea,Korea',
  RU: 'Russian Federation',
  VN: 'Viet Nam',
  TR: 'Turkey',
  MK: 'Macedonia',
  MM: 'Burma',
  SZ: 'Swaziland',
  CI: 'Ivory Coast',
  CV: 'Cape Verde',
  SK: 'Slovak Republic',
  DE: 'Federal Republic of Germany,BRD',
  CN: "People's Republic of China,PRC",
  TW: 'Taiwan R.O.C.',
  HK: 'Hong Kong SAR',
  IR: 'Islamic Republic of Iran',
  MD: 'Republic of Moldova',
  LA: 'Lao PDR',
  TZ: 'United Republic of Tanzania',
  VA: 'Holy See',
};

/** Languages whose names of countries are known; what two languages call differently is left out, English goes first. */
const languages =
  'en de fr es it pt nl pl cs sk hu ro bg el sv da nb fi et lv lt sl hr sr uk ru tr ar he th vi id ja ko zh zh-Hant';

/** Letters alone, without accents, in lower case. */
const folded = (text: string): string => text.normalize('NFKD').toLowerCase().replace(/\P{L}/gu, '');

function namesIn(language: string): [name: string, code: string][] {
  return (['long', 'short'] as const).flatMap((style) => {
    const names = new Intl.DisplayNames([language], { type: 'region', style, fallback: 'none' });
    return [...codes].map((code): [string, string] => [folded(names.of(code) ?? ''), code]);
  });
}

/** Code by folded name; null where a name could be two countries. */
function allNames(): ReadonlyMap<string, string | null> {
  const [english = '', ...others] = languages.split(' ');
  const further = Object.entries(furtherNames).flatMap(([code, names]) =>
    names.split(',').map((name): [string, string] => [folded(name), code]),
  );
  const certain = new Map([...namesIn(english), ...further]);
  const found = new Map<string, string | null>(certain);
  for (const [name, code] of others.flatMap(namesIn)) {
    if (certain.has(name)) continue;
    const known = found.get(name);
    found.set(name, known === undefined || known === code ? code : null);
  }
  found.delete('');
  return found;
}

let names: ReadonlyMap<string, string | null> | undefined;
const seen = new Map<string, string | null>();
const mostSeen = 10_000;

function lookUp(country: string): string | null {
  const name = folded(country);
  const code = name.toUpperCase();
  if (codes.has(code)) return code;
  names ??= allNames();
  return names.get(name) ?? null;
}

/** ISO 3166-1 alpha-2 of a country as exports have it, by code or by name in one of many languages; null if unknown. */
export function countryCode(country: string): string | null {
  const known = seen.get(country);
  if (known !== undefined) return known;
  const code = lookUp(country);
  if (seen.size < mostSeen) seen.set(country, code);
  return code;
}
