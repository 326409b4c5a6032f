/** A name as it is written, and in letters that fit an e-mail address. */
export interface WrittenName {
  written: string;
  latin: string;
}

/** Common given and family names of one language, to be combined at random into people who do not exist. */
export interface NameStock {
  given: readonly WrittenName[];
  family: readonly WrittenName[];
}

export type NameLanguage = 'hu' | 'de' | 'fr' | 'cs' | 'ro' | 'en' | 'th' | 'zh';

export const nameStocks: Readonly<Record<NameLanguage, NameStock>> = {
  hu: {
    given: latinNames(
      'Ágnes László Zsófia Gergő Eszter Bálint Réka Máté Boglárka Ödön Ildikó Győző Júlia Péter Anna Dániel',
    ),
    family: latinNames(
      'Nagy Kovács Tóth Szabó Horváth Kőszegi Szűcs Őri Fűzfa Vörös Kiss Molnár Gulyás Bíró Juhász Erdélyi',
    ),
  },
  de: {
    given: latinNames('Jürgen Käthe Björn Anneliese Sören Lena Günther Rosemarie Jörg Mia Felix Bärbel'),
    family: latinNames('Müller Weiß Schäfer Köhler Groß Bäcker Jäger Schröder Huber König Lindner Vogel'),
  },
  fr: {
    given: latinNames('Zoé Hélène François Chloé Benoît Jérôme Anaïs Noël Léa Théo'),
    family: latinNames("Lefèvre d'Aubigny Bérenger Garçon Dupont Châtelain Prévost Moreau L'Hermite Côté"),
  },
  cs: {
    given: latinNames('Jiří Kateřina Zdeněk Ľubica Tomáš Božena Ondřej Žofia Matúš Eliška'),
    family: latinNames('Dvořák Novotný Kučera Šťastná Ďuriš Veselý Růžička Horák Ševčík Konečná'),
  },
  ro: {
    given: latinNames('Ștefan Ioana Mădălina Răzvan Ilinca Bogdan Sânziana Andrei'),
    family: latinNames('Popescu Țurcanu Lupașcu Brâncuș Ionescu Păduraru Cătănescu Munteanu'),
  },
  en: {
    given: latinNames('Aoife Seán Ciara Niamh Liam Róisín Emma Jack'),
    family: latinNames("O'Brien Murphy D'Arcy Ó-Sé Byrne Walsh O'Neill Smith-Kelly"),
  },
  th: {
    given: writtenNames(
      'สมชาย=somchai มาลี=malee กานดา=kanda นที=natee อรุณ=arun พิมพ์ชนก=pimchanok ธนากร=thanakorn สุดา=suda',
    ),
    family: writtenNames('ใจดี=jaidee ศรีสุข=srisuk ทองคำ=thongkham แสงจันทร์=saengchan บุญมา=boonma วงศ์ไทย=wongthai'),
  },
  zh: {
    given: writtenNames(
      '小明=xiaoming 美玲=meiling 志偉=zhiwei 淑芬=shufen 家豪=jiahao 怡君=yijun 雅婷=yating 建國=jianguo',
    ),
    family: writtenNames('王=wang 陳=chen 林=lin 張=zhang 黃=huang 李=li 吳=wu 劉=liu'),
  },
};

function latinNames(list: string): WrittenName[] {
  return list.split(' ').map((written) => ({ written, latin: plainLetters(written) }));
}

function writtenNames(list: string): WrittenName[] {
  return list.split(' ').map((pair) => {
    const [written = '', latin = ''] = pair.split('=');
    return { written, latin };
  });
}

function plainLetters(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}
