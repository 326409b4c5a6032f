import { UsageError } from '../../lambdas/platform/errors.ts';
import { type Command, jsonOption, lakeOption } from '../command.ts';
import { overview } from './lists/overview.ts';
import { openPublished } from './lists/published.ts';
import { pull } from './lists/pull.ts';
import { show } from './lists/show.ts';

export const lists: Command = {
  name: 'lists',
  usage:
    'lists [show CAMPAIGN | pull --out DIR [--format FORMAT]… [--campaign NAME]…] [--lake DIR | --from s3://BUCKET]',
  summary: 'Show or copy the lists of the current night.',
  options: {
    lake: lakeOption,
    from: {
      type: 'string',
      value: 's3://BUCKET',
      help: "the deployment's bucket of personal data, instead of a folder",
    },
    out: { type: 'string', value: 'DIR', help: 'pull: folder to copy files into' },
    format: {
      type: 'string',
      multiple: true,
      value: 'FORMAT',
      help: 'pull: people (default), klaviyo, mailchimp, meta or google; may be repeated',
    },
    campaign: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'pull: only this campaign, or audience to exclude; may be repeated',
    },
    json: jsonOption,
  },
  async run(given, terminal) {
    const [action, name = ''] = given.words;
    if (action !== undefined && action !== 'show' && action !== 'pull') {
      throw new UsageError(
        `lists cannot ${JSON.stringify(action)}`,
        'Use lists, lists show CAMPAIGN or lists pull --out DIR.',
      );
    }
    const published = await openPublished(given);
    if (action === 'show') return show(published, name, terminal);
    return action === 'pull' ? pull(published, given, terminal) : overview(published, terminal);
  },
};
