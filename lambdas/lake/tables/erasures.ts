import { text } from '../column.ts';
import { defineTable } from '../table.ts';

export const erasures = defineTable({
  name: 'erasures',
  kind: 'append',
  format: 'json',
  grain: 'One identity key of one person whom the shop was asked to forget: what files tell of it is not kept.',
  key: ['erasure_id', 'identity_key'],
  columns: {
    erasure_id: text('Hash of all keys of the person, which names the object.'),
    identity_key: text('An email_key, phone_key or platform_key of the person.'),
  },
});
