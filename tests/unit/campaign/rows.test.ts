import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { csvRows, readRows } from '../../../api/contact-rows.ts';
import { withoutBrokenLines } from '../../../api/csv-lines.ts';
import { asCampaignId } from '../../../domain/ids.ts';
import { ProblemError } from '../../../api/problems.ts';

const rules = {
  campaignId: asCampaignId('c1'),
  contactKey: 'a key',
  claim: [{ name: 'order_number', type: 'text' as const, description: null }],
  defaultCountry: 'GB',
  allowedPrefixes: ['+44', '+1'],
  nowMs: 1_000,
};
const read = (csv: string) => readRows(csvRows(csv), rules);

test('[CG5] good rows are taken; each bad one is told with number, field and reason', async () => {
  const csv = [
    '\uFEFFphone_number,first_name,zone,hours,lang,claim.order_number,claim.nothing',
    '07700 900301,Anna,Europe/London,10:00-12:00,en-GB,A-17,',
    'not a number,Bert,,,,,',
    '+447700900302,"Cleo, ""the"" second",Mars/Base,,,,',
    '+4915112345678,Dora,,,,,',
    '+447700900303,Emil,,25:00-26:00,,,x',
  ].join('\r\n');
  const { contacts, rejected } = await read(csv);
  expect(contacts).toHaveLength(1);
  expect(contacts[0]).toMatchObject({
    phone_number: '+447700900301',
    zones: ['Europe/London'],
    language: 'en-GB',
    variables: { first_name: 'Anna' },
    claim: { order_number: 'A-17' },
    hours: [{ from: '10:00', to: '12:00' }],
  });
  expect(rejected.map(({ row, field }) => [row, field])).toEqual([
    [3, 'phone_number'],
    [4, 'zone'],
    [5, 'phone_number'],
    [6, 'hours.0.from'],
    [6, 'hours.0.to'],
  ]);
});

test('[CG5] the same number twice is one contact, and the later row says more', async () => {
  const { contacts, merged } = await read(
    'phone_number;first_name;city\n+447700900301;Anna;\n07700900301;;London\n+447700900302;Bert;Leeds\n',
  );
  expect(contacts.map(({ variables }) => variables)).toEqual([
    { first_name: 'Anna', city: 'London' },
    { first_name: 'Bert', city: 'Leeds' },
  ]);
  expect(merged).toEqual([{ row: 3, reason: 'the same number as row 2' }]);
});

test('[CG5] text that is no CSV is refused as such', async () => {
  await expect(read('"phone_number,name\n+447700900301,Anna\n')).rejects.toThrow(ProblemError);
  await expect(read('"phone_number,name\n+447700900301,Anna\n')).rejects.toThrow(/the first row names the columns/);
});

test('[CG5] one stray quote costs one row, told with its number, wherever it stands', async () => {
  const { contacts, rejected } = await read(
    [
      'phone_number,first_name,town',
      '+447700900301,Ann "the" B,Leeds',
      '+447700900302,"Ben, the ""second""",York',
      '+447700900303,"Cleo,Hull',
      '+447700900304,"Dora"x,Bath',
      '+447700900305,"Emil',
      'Emilson", "Ely"',
      '',
      '+447700900307,Gina,12" high',
      '+447700900306,Finn,"Deal',
    ].join('\r\n'),
  );
  expect(contacts.map(({ phone_number, variables }) => [phone_number.slice(-1), variables])).toEqual([
    ['2', { first_name: 'Ben, the "second"', town: 'York' }],
    ['5', { first_name: 'Emil\r\nEmilson', town: 'Ely' }],
  ]);
  expect(rejected.map(({ row, field }) => [row, field])).toEqual([
    [2, 'row'],
    [4, 'row'],
    [5, 'row'],
    [9, 'row'],
    [10, 'row'],
  ]);
  expect(rejected[4]?.reason).toBe('a quote is opened and not closed');
});

test('[CG5] a quote left open in the first of a hundred thousand rows costs that one, and no minutes', async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `+4477${String(index).padStart(8, '0')},Ann`);
  const { text, broken } = withoutBrokenLines(`phone_number,name\n+447700900301,"Ann\n${rows.join('\n')}`, ',');
  expect(broken).toEqual([{ row: 2, reason: 'a quote is opened and not closed' }]);
  expect(text.split('\n')).toHaveLength(100_002);
});

test('[ER6] a contact’s id takes the campaign’s key: nobody finds the number by hashing all there are', async () => {
  const csv = 'phone_number\n+447700900123';
  const idOf = async (contactKey: string | null) =>
    (await readRows(csvRows(csv), { ...rules, contactKey })).contacts[0]?.contact_id;
  const plain = createHash('sha256').update('+447700900123').digest('hex').slice(0, 24);
  expect(await idOf('one')).toBe(await idOf('one'));
  expect(await idOf('one')).not.toBe(await idOf('another'));
  expect(await idOf('one')).not.toBe(plain);
  // Campaigns of before go on knowing their contacts.
  expect(await idOf(null)).toBe(plain);
});
