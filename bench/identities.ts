/**
 * How many keys curate can resolve to people: time and memory of resolving links among keys of people who are known by
 * more than one, as the engine streams them.
 * Run: npx tsx bench/identities.ts [millions of people] …
 */
import { resolveIdentities } from '../lambdas/curate/identity.ts';

const million = 1_000_000;

/** 32 hexadecimal digits that look drawn at random, the same for the same number (mixing by Steele et al., 2014). */
function keyOf(number: number): string {
  let key = '';
  for (let word = 1; word <= 4; word++) {
    let z = Math.imul(number, 0x9e3779b9) + Math.imul(word, 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    key += ((z ^ (z >>> 15)) >>> 0).toString(16).padStart(8, '0');
  }
  return key;
}

/** Each person has an e-mail address and a customer number, one in three a phone number too: 2.33 keys. */
async function* links(people: number) {
  for (let person = 0; person < people; person++) {
    const [email, customer, phone] = [keyOf(3 * person), keyOf(3 * person + 1), keyOf(3 * person + 2)];
    const seen = { left_seen_at: BigInt(person % 1000), right_seen_at: BigInt(person % 777) };
    yield { left_key: email, right_key: customer, ...seen };
    if (person % 3 === 0) yield { left_key: email, right_key: phone, ...seen };
  }
}

const asked = process.argv.slice(2).map(Number);
console.log('| people | keys | links | CPU | links/s | memory | a key |');
console.log('|---|---|---|---|---|---|---|');
for (const millions of asked.length > 0 ? asked : [1, 5]) {
  const people = Math.round(millions * million);
  const [keys, linked] = [people * 2 + Math.ceil(people / 3), people + Math.ceil(people / 3)];
  const before = process.memoryUsage();
  const used = (): number => {
    const now = process.memoryUsage();
    return now.arrayBuffers + now.heapUsed - before.arrayBuffers - before.heapUsed;
  };
  // what making the keys takes is taken off
  const made = process.cpuUsage();
  for await (const _ of links(people));
  const making = process.cpuUsage(made).user;
  const begun = process.cpuUsage();
  const merged = await resolveIdentities(links(people));
  let rows = 0;
  let memory = 0;
  for (const _ of merged) if (rows++ === 0) memory = used();
  const seconds = (process.cpuUsage(begun).user - making) / million;
  console.log(
    `| ${people.toLocaleString('en')} | ${keys.toLocaleString('en')} | ${linked.toLocaleString('en')} | ${seconds.toFixed(1)} s | ` +
      `${Math.round(linked / seconds).toLocaleString('en')} | ${Math.round(memory / million)} MB | ${(memory / keys).toFixed(1)} B |`,
  );
  if (rows !== keys - people) throw new Error(`${rows} keys were merged, not ${keys - people}`);
}
