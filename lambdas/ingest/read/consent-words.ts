/** What a word of a column of consent says; `pending` is neither a yes nor a no that the person said. */
export type ConsentWord = 'yes' | 'no' | 'pending';

/** Answers to a question, by language. */
const answers: readonly (readonly [language: string, yes: string, no: string])[] = [
  ['signs', '1|1.0|✓|✔|☑', '0|0.0|✗|✘|☐'],
  ['en', 'yes|y|true|t|on|enabled|agreed|accepted', 'no|n|false|f|off|disabled|declined|refused'],
  ['de', 'ja|j|wahr|zugestimmt|erteilt', 'nein|falsch|abgelehnt|nicht erteilt|widerrufen'],
  ['hu', 'igen|i|igaz|hozzájárult', 'nem|hamis|nem járult hozzá|visszavonva'],
  ['fr', 'oui|o|vrai|accepté', 'non|faux|refusé'],
  ['es', 'sí|si|s|verdadero|aceptado', 'falso|rechazado'],
  ['it', 'sì|vero|accettato', 'rifiutato'],
  ['nl', 'waar', 'nee|onwaar|geweigerd'],
  ['pl', 'tak|prawda', 'nie|fałsz|falsz'],
  ['pt', 'sim|verdadeiro|aceito', 'não|nao|recusado'],
  ['th', 'ใช่|ยินยอม|ยอมรับ|ตกลง|รับ|จริง', 'ไม่|ไม่ใช่|ไม่ยินยอม|ไม่ยอมรับ|ไม่ตกลง|ไม่รับ|เท็จ'],
  ['zh', '是|是的|同意|接受|真', '否|不|不是|不同意|不接受|拒绝|拒絕|假'],
];

/** What systems and people call a subscription, by language. */
const subscriptions: readonly (readonly [language: string, yes: string, no: string])[] = [
  [
    'en',
    'subscribed|subscribe|opted in|opt in|optin|double opt in|single opt in|confirmed|active',
    'unsubscribed|unsubscribe|not subscribed|non subscribed|opted out|opt out|optout|cleaned|bounced|complained',
  ],
  ['de', 'angemeldet|abonniert', 'abgemeldet|abbestellt|nicht angemeldet|nicht abonniert|ausgetragen'],
  ['hu', 'feliratkozott|feliratkozva', 'leiratkozott|leiratkozva|nem iratkozott fel'],
  ['fr', 'abonné|abonnée|inscrit|inscrite', 'désabonné|désabonnée|désinscrit|désinscrite|non abonné|non inscrit'],
  ['es', 'suscrito|suscrita', 'no suscrito|no suscrita|dado de baja|dada de baja|baja'],
  ['it', 'iscritto|iscritta', 'disiscritto|disiscritta|non iscritto|non iscritta'],
  ['nl', 'aangemeld|ingeschreven|geabonneerd', 'afgemeld|uitgeschreven|niet aangemeld|niet ingeschreven'],
  ['pl', 'zapisany|zapisana', 'wypisany|wypisana|niezapisany'],
  ['pt', 'inscrito|inscrita|subscrito', 'não inscrito|não subscrito|descadastrado|cancelado'],
  ['th', 'สมัคร|สมัครแล้ว|สมัครรับข่าวสาร', 'ยกเลิก|ยกเลิกแล้ว|ไม่สมัคร|ยกเลิกการสมัคร'],
  ['zh', '已订阅|已訂閱|订阅|訂閱', '未订阅|未訂閱|已退订|已退訂|退订|退訂|取消订阅|取消訂閱|已取消订阅|已取消訂閱'],
];

const pending =
  'pending|unconfirmed|not confirmed|pending confirmation|awaiting confirmation|never subscribed|transactional|' +
  'inactive|archived|blocked|deleted|invalid|redacted';

/** A word without regard to case, composition of its letters, and the signs between its parts. */
export const consentKey = (word: string): string =>
  word
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();

const listed = (words: string, means: ConsentWord): [string, ConsentWord][] =>
  words.split('|').map((word) => [consentKey(word), means]);
const yesAndNo = (table: typeof answers): [string, ConsentWord][] =>
  table.flatMap(([, yes, no]) => [...listed(yes, 'yes'), ...listed(no, 'no')]);

/** What a plain answer says, by `consentKey`. */
export const answerWords: ReadonlyMap<string, ConsentWord> = new Map(yesAndNo(answers));

/** What a word of a column of consent says, by `consentKey`. */
export const consentWords: ReadonlyMap<string, ConsentWord> = new Map([
  ...answerWords,
  ...yesAndNo(subscriptions),
  ...listed(pending, 'pending'),
]);
