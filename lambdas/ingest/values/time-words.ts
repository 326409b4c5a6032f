/**
 * Month names in English, German, French, Spanish, Italian, Portuguese, Dutch, Hungarian, Polish and the Scandinavian
 * languages, full and short, in lower case without accents. Left out is what two languages understand differently:
 * listopad is November in Polish and October in Croatian, and lip is July or June.
 */
const monthNames: readonly string[] = [
  'january jan januar janner jaenner janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty',
  'february feb februar feber fevrier fevr fev febrero febbraio febbr fevereiro februari febr lutego luty lut',
  'march mar marz maerz mrz mars marzo marco maart mrt marcius marc marca marzec marts',
  'april apr avril avr abril abr aprile aprilis kwietnia kwiecien kwi',
  'may mai mayo maggio mag maio mei majus maj maja',
  'june jun juni juin junio giugno giu junho junius czerwca czerwiec cze',
  'july jul juli juillet juil julio luglio lug julho julius lipca lipiec',
  'august aug aout agosto ago augustus augusztus augusti sierpnia sierpien sie',
  'september sep sept septembre septiembre setiembre settembre sett set setembro szeptember szept wrzesnia wrzesien wrz',
  'october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz',
  'november nov novembre noviembre novembro',
  'december dec dezember dez decembre diciembre dic dicembre dezembro desember des grudnia grudzien gru',
];

const monthNumbers = new Map(monthNames.flatMap((names, i) => names.split(' ').map((name) => [name, i + 1] as const)));

/** Number of a month from its name in lower case without accents; 0 for a word that is none. */
export const monthNumber = (name: string): number => monthNumbers.get(name) ?? 0;

/** Names of the days of the week, in the same languages and spelling. */
export const weekdays: ReadonlySet<string> = new Set(
  (
    'monday mon montag mo lundi lun lunes lunedi segunda segunda-feira maandag ma hetfo poniedzialek pon mandag ' +
    'tuesday tue tues dienstag di mardi mar martes martedi terca terca-feira dinsdag kedd wtorek wt tirsdag tisdag ' +
    'wednesday wed mittwoch mi mercredi mer miercoles mie mercoledi quarta quarta-feira woensdag wo szerda sroda sr onsdag ' +
    'thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedi gio quinta quinta-feira donderdag csutortok czwartek torsdag ' +
    'friday fri freitag fr vendredi ven viernes vie venerdi sexta sexta-feira vrijdag vr pentek piatek pt fredag ' +
    'saturday sat samstag sonnabend sa samedi sam sabado sab sabato zaterdag za szombat sobota sob ' +
    'sunday sun sonntag so dimanche dim domingo dom domenica zondag zo vasarnap niedziela ndz sondag'
  ).split(' '),
);

/** Seconds east of UTC of the zone abbreviations that mean one thing; IST, CST and BST mean several and are left out. */
export const zoneOffsets: ReadonlyMap<string, number> = new Map(
  Object.entries({
    z: 0,
    utc: 0,
    gmt: 0,
    wet: 0,
    west: 1,
    cet: 1,
    cest: 2,
    eet: 2,
    eest: 3,
    jst: 9,
    est: -5,
    edt: -4,
    mdt: -6,
    pst: -8,
    pdt: -7,
  }).map(([name, hours]) => [name, hours * 3600] as const),
);
