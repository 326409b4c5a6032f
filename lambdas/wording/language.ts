/** Languages that every sentence exists in. */
export const languages = ['en', 'hu', 'th', 'zh'] as const;

export type Language = (typeof languages)[number];

/** One locale per language: Gregorian years and Latin digits everywhere, so that figures read alike. */
export const locales: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  hu: 'hu-HU',
  th: 'th-TH-u-ca-gregory-nu-latn',
  zh: 'zh-CN-u-ca-gregory-nu-latn',
};
