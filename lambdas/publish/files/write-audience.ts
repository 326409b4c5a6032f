import type { Config } from '../../platform/config/config.ts';
import type { ObjectStore } from '../../platform/object-store.ts';
import type { Language } from '../../wording/language.ts';
import { csvRecord } from './cells.ts';
import type { CampaignText, Consent, Entry, FileFormat, FormatName, LeftOutReason, Words } from './format.ts';
import { googleCustomerMatch } from './google.ts';
import { klaviyoExclusion, klaviyoList } from './klaviyo.ts';
import { mailchimpExclusion, mailchimpList } from './mailchimp.ts';
import type { AudienceMember, Contact, ExcludedMember } from './member.ts';
import { metaExclusion, metaList } from './meta.ts';
import { peopleExclusion, peopleList } from './people.ts';
import { splitFile, type WrittenPart } from './split-file.ts';
import { usableContact } from './usable-contact.ts';

/** What all files of a night have in common. */
export interface FileSettings {
  readonly language: Language;
  /** ISO 4217 code of amounts. */
  readonly currency: string;
  /** Country of phone numbers without country code where the person's own is not known. */
  readonly phoneCountry: string | null;
  /** Whether people files begin with a byte order mark. */
  readonly byteOrderMark: boolean;
  /** Size of the largest upload file. */
  readonly maxBytes: number;
}

/** Settings of a shop's files. A megabyte is a million bytes here, the smaller of its two meanings. */
export const fileSettings = ({ shop, publish }: Config, currency: string): FileSettings => ({
  language: shop.language,
  currency,
  phoneCountry: publish.files.phone_country ?? null,
  byteOrderMark: publish.files.byte_order_mark,
  maxBytes: Math.floor(publish.files.max_megabytes * 1_000_000),
});

/** One stored file, or part of one. */
export interface WrittenFile extends WrittenPart {
  readonly format: FormatName;
  /** Consent of everybody in it, where the platform wants it stated; null elsewhere. */
  readonly consent: Consent;
}

export type LeftOut = Readonly<Record<FormatName, Readonly<Partial<Record<LeftOutReason, number>>>>>;

export interface WrittenAudience {
  readonly members: number;
  readonly files: readonly WrittenFile[];
  /** By format: those who are in none of its files, by reason. With the rows of its files they add up to `members`. */
  readonly left_out: LeftOut;
}

/** A sheet of a spreadsheet program shows no more rows than 2^20, one of which is the header. */
const mostRowsOfASheet = 2 ** 20 - 1;

function openFormat<M extends Contact, W>(
  store: ObjectStore,
  prefix: string,
  format: FileFormat<M, W>,
  settings: FileSettings,
) {
  const mark = format.isForPeople && settings.byteOrderMark ? '\uFEFF' : '';
  const head = mark + csvRecord(format.columns.map(([header]) => header));
  const limits = format.isForPeople
    ? { bytes: Number.POSITIVE_INFINITY, rows: mostRowsOfASheet }
    : { bytes: settings.maxBytes, rows: Number.POSITIVE_INFINITY };
  const open = (consent: Consent) => {
    const stem = `${prefix}${format.name}${consent === null ? '' : `-consent-${consent}`}`;
    return { consent, file: splitFile(store, (part) => `${stem}${part === 1 ? '' : `-${part}`}.csv`, head, limits) };
  };
  const files = format.splitsByConsent ? [open('granted'), open('unknown')] : [open(null)];
  const leftOut = new Map<LeftOutReason, number>();
  const fileOf = (member: Contact) => files[format.splitsByConsent && member.accepts_marketing === null ? 1 : 0]!.file;
  return {
    name: format.name,
    async add(entry: Entry<M, W>): Promise<void> {
      let reason = format.leftOut(entry);
      if (reason === null) {
        const isIn = await fileOf(entry.member).add(csvRecord(format.columns.map(([, cell]) => cell(entry))));
        if (isIn) return;
        reason = 'too_long';
      }
      leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    },
    async finish(): Promise<WrittenFile[]> {
      const written: WrittenFile[] = [];
      for (const { consent, file } of files) {
        const parts = await file.finish();
        written.push(...parts.map((part) => ({ format: format.name, consent, ...part })));
      }
      return written;
    },
    leftOut: (): Partial<Record<LeftOutReason, number>> =>
      Object.fromEntries([...leftOut].sort(([a], [b]) => (a < b ? -1 : 1))),
    async abandon(error: unknown): Promise<void> {
      for (const { file } of files) await file.abandon(error);
    },
  };
}

async function writeFiles<M extends Contact, W>(
  store: ObjectStore,
  prefix: string,
  members: AsyncIterable<M>,
  { formats, settings, words }: { formats: readonly FileFormat<M, W>[]; settings: FileSettings; words: W },
): Promise<WrittenAudience> {
  const outputs = formats.map((format) => openFormat(store, prefix, format, settings));
  let count = 0;
  try {
    for await (const member of members) {
      const entry = { member, usable: usableContact(member, settings.phoneCountry), words };
      for (const output of outputs) await output.add(entry);
      count += 1;
    }
    const files: WrittenFile[] = [];
    for (const output of outputs) files.push(...(await output.finish()));
    const leftOut = Object.fromEntries(outputs.map((output) => [output.name, output.leftOut()]));
    return { members: count, files, left_out: leftOut as LeftOut };
  } catch (error) {
    for (const output of outputs) await output.abandon(error);
    throw error;
  }
}

/**
 * Writes a campaign's list in every format, in one pass over its members. Files appear whole or not at all; the slowest
 * of them sets the pace, so that memory does not grow with the list.
 * @param prefix where the files go, with a slash at its end
 * @param members in the order in which they are to stand
 */
export const writeAudience = (
  store: ObjectStore,
  prefix: string,
  members: AsyncIterable<AudienceMember>,
  { settings, campaign }: { readonly settings: FileSettings; readonly campaign: CampaignText },
): Promise<WrittenAudience> =>
  writeFiles<AudienceMember, Words>(store, prefix, members, {
    formats: [peopleList, klaviyoList, mailchimpList, metaList, googleCustomerMatch],
    settings,
    words: { language: settings.language, currency: settings.currency, campaign },
  });

/** Writes an exclusion audience, whom campaigns must not reach, in every format, as `writeAudience` does. */
export const writeExclusion = (
  store: ObjectStore,
  prefix: string,
  members: AsyncIterable<ExcludedMember>,
  { settings }: { readonly settings: FileSettings },
): Promise<WrittenAudience> =>
  writeFiles<ExcludedMember, null>(store, prefix, members, {
    formats: [peopleExclusion, klaviyoExclusion, mailchimpExclusion, metaExclusion, googleCustomerMatch],
    settings,
    words: null,
  });
