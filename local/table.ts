/** What a person reads once everything is up. */
import type { RunFile } from './run-file.ts';
import type { Vendor, VendorChoices } from './vendors.ts';

const VENDOR_NAMES: Readonly<Record<Vendor, string>> = {
  vonage: 'phone network (Vonage)',
  speech: 'speech recognition',
  synthesis: 'speech synthesis',
  model: 'language model (Anthropic)',
  crm: 'customer records (HubSpot)',
};

function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

export function vendorLines(choices: VendorChoices): string[] {
  const rows = (Object.keys(VENDOR_NAMES) as Vendor[]).map((vendor) => {
    const choice = choices[vendor];
    return [VENDOR_NAMES[vendor], choice.kind === 'real' ? 'REAL' : 'stand-in', choice.because];
  });
  return columns(rows);
}

export function processLines(run: RunFile): string[] {
  return columns(
    run.processes.map((kept) => [
      kept.name,
      kept.entry,
      kept.port === null ? '' : `port ${String(kept.port)}`,
      `pid ${String(kept.pid ?? '-')}`,
      kept.state === 'ready' ? '' : kept.state,
    ]),
  );
}

export interface TableFacts {
  run: RunFile;
  vendors: VendorChoices;
  origins: { temporal: string; mongo: string };
  dataDir: string;
  secured: boolean;
}

export function table(facts: TableFacts): string {
  const { run, vendors } = facts;
  const places = columns([
    ['home page', `${run.urls.api}/`],
    ['api reference', `${run.urls.api}/docs`],
    ['Temporal UI', run.urls.temporalUi ?? '(of your own server)'],
    ['softphone', run.urls.softphone ?? '(all vendors are real: use a telephone)'],
    ['Temporal', `${run.temporalAddress}  (${facts.origins.temporal})`],
    ['MongoDB', `${withoutPassword(run.mongoUri)}  (${facts.origins.mongo})`],
    ['data, logs', facts.dataDir],
  ]);
  return [
    '',
    run.ready ? 'Evercall is up.' : 'Evercall is up in part: see the processes below and their logs.',
    '',
    ...places,
    '',
    'Processes',
    ...processLines(run),
    '',
    'Vendors',
    ...vendorLines(vendors),
    '',
    'Try next',
    ...nextThings(facts),
    '',
  ].join('\n');
}

function nextThings({ run, secured }: TableFacts): string[] {
  const body = {
    bot_company: 'Contoso',
    bot_name: 'Amelie',
    phone_number: '+447700900123',
    task: 'Help the customer with a broken window and record the damage.',
    agent_phone_number: '+447700900999',
    claim: [{ name: 'damage', type: 'text', description: 'What was damaged' }],
  };
  const key = secured ? ` -H "authorization: Bearer $API_KEY"` : '';
  const talk =
    run.urls.softphone === null
      ? []
      : [`  talk to the bot yourself:  ${run.urls.softphone}`, '  watch two calls:           npm run demo'];
  return [
    ...talk,
    '  have a number called:',
    `    curl -sS ${run.urls.api}/call -H 'content-type: application/json'${key} -d '${JSON.stringify(body)}'`,
    '  end everything:            Ctrl-C',
  ];
}

export function withoutPassword(uri: string): string {
  return uri.replace(/\/\/([^:@/]+):[^@/]*@/, '//$1:…@');
}
