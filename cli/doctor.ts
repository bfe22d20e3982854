/** `npm run doctor`: looks at everything a call depends on and says what to mend. Ends with 1 when something must be. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadConfig, type Config } from '../config/load.ts';
import { loadDotEnv } from '../local/dot-env.ts';
import { dataFolder, selfHostedSpeech, withoutBlanks } from '../local/plan.ts';
import { runningSystem, type RunFile } from '../local/run-file.ts';
import { checkCombination, chooseVendors, type VendorChoices } from '../local/vendors.ts';
import { fail, findingLines, looked, ok, reason, summary, warn, type Finding } from './doctor-findings.ts';
import { lookAtDisk, lookAtKeys, lookAtPorts, lookAtPublicUrl, lookAtTools } from './doctor-machine.ts';
import { lookAtMongo, lookAtTemporal } from './doctor-servers.ts';
import { lookAtCrm, lookAtGoogle, lookAtModel, lookAtOwnSpeech } from './doctor-vendors.ts';
import { lookAtAddresses, lookAtVonage } from './doctor-vonage.ts';

const root = path.resolve(import.meta.dirname, '..');

interface Patient {
  env: NodeJS.ProcessEnv;
  run: RunFile | undefined;
  config: Config | undefined;
  vendors: VendorChoices | undefined;
  publicUrl: string;
}

async function examine(): Promise<Finding[]> {
  loadDotEnv(root);
  const env = withoutBlanks(process.env);
  const dataDir = dataFolder(env, root);
  const run = runningSystem(dataDir);
  const findings = [
    ok('Node', process.versions.node),
    run
      ? ok('Evercall', `runs with ${dataDir} (process ${String(run.supervisorPid)})`)
      : warn(
          'Evercall',
          `does not run with ${dataDir}`,
          'npm start; what only a running system shows is left out here.',
        ),
    ...processesDown(run),
  ];
  const config = readConfig(env, findings, run?.urls.sandbox);
  const vendors = readVendors(env, findings);
  const publicUrl = (env['PUBLIC_URL'] ?? run?.urls.public ?? `http://127.0.0.1:${env['PORT'] ?? '8080'}`).replace(
    /\/$/,
    '',
  );
  const patient: Patient = { env, run, config, vendors, publicUrl };
  const groups = await Promise.all([
    looked('disk', () => lookAtDisk(dataDir)),
    looked('PUBLIC_URL', async () => [
      ...lookAtKeys(env, publicUrl),
      ...(await lookAtPublicUrl(publicUrl, run !== undefined)),
    ]),
    examineServers(patient),
    examineVendors(patient),
  ]);
  return [...findings, ...groups.flat()];
}

function processesDown(run: RunFile | undefined): Finding[] {
  return (run?.processes ?? [])
    .filter((kept) => kept.state !== 'ready')
    .map((kept) =>
      fail('Evercall', `${kept.name} is ${kept.state}`, `Read its log: logs/${kept.name}.log in the data folder.`),
    );
}

function readConfig(
  env: NodeJS.ProcessEnv,
  findings: Finding[],
  sandboxUrl: string | null | undefined,
): Config | undefined {
  try {
    // The supervisor makes these up; it is no fault that a person did not.
    const config = loadConfig({
      MEDIA_TOKEN_SECRET: 'made at the start',
      ...(sandboxUrl == null ? {} : { OPENAI_SPEECH_BASE_URL: `${sandboxUrl}/openai` }),
      ...env,
    });
    const file = env['CONFIG_FILE'] ?? 'config.yaml';
    findings.push(ok('configuration', existsSync(file) ? `${file} is valid` : `no ${file}: the shipped defaults hold`));
    return config;
  } catch (error) {
    findings.push(fail('configuration', reason(error), 'Mend that key; config.example.yaml shows them all.'));
    return undefined;
  }
}

function readVendors(env: NodeJS.ProcessEnv, findings: Finding[]): VendorChoices | undefined {
  try {
    const vendors = chooseVendors(env, selfHostedSpeech(env));
    findings.push(...checkCombination(env, vendors).map((warning) => warn('combination', warning, 'See above.')));
    return vendors;
  } catch (error) {
    findings.push(fail('combination', reason(error), 'Nothing starts before that is mended.'));
    return undefined;
  }
}

async function examineServers({ env, run }: Patient): Promise<Finding[]> {
  const temporal = env['TEMPORAL_ADDRESS'] ?? run?.temporalAddress;
  const mongo = env['MONGODB_URI'] ?? run?.mongoUri;
  const groups = await Promise.all([
    temporal ? looked('Temporal', () => lookAtTemporal(temporal, env['TEMPORAL_NAMESPACE'] ?? 'default')) : [],
    mongo ? looked('MongoDB', () => lookAtMongo(mongo, env['MONGODB_DATABASE'] ?? 'evercall')) : [],
    run ? [] : looked('ports', () => lookAtPorts(env)),
    run ? [] : looked('servers', () => lookAtTools(env)),
  ]);
  return groups.flat();
}

async function examineVendors({ env, config, vendors, publicUrl }: Patient): Promise<Finding[]> {
  if (!vendors || !config) return [];
  const standIns = Object.entries(vendors)
    .filter(([, choice]) => choice.kind === 'stand-in')
    .map(([vendor]) => vendor);
  const isReal = (vendor: keyof VendorChoices): boolean => vendors[vendor].kind === 'real';
  const groups = await Promise.all([
    isReal('vonage')
      ? looked('Vonage', async () => [...lookAtAddresses(env, publicUrl), ...(await lookAtVonage(env, publicUrl))])
      : [],
    usesGoogle(config) && (isReal('speech') || isReal('synthesis'))
      ? looked('Google', () => lookAtGoogle(env, config))
      : [],
    looked('own speech', () => lookAtOwnSpeech(config)),
    isReal('model') ? looked('Anthropic', () => lookAtModel(env, config)) : [],
    isReal('crm') ? looked('HubSpot', () => lookAtCrm(env)) : [],
  ]);
  const stood =
    standIns.length === 0 ? [] : [ok('stand-ins', `${standIns.join(', ')}: no credentials, so the sandbox plays them`)];
  return [...groups.flat(), ...stood];
}

function usesGoogle({ speech }: Config): boolean {
  return [...speech.recognizers, ...speech.synthesizers].some((service) => service !== 'openai');
}

const findings = await examine();
for (const finding of findings) for (const line of findingLines(finding)) process.stdout.write(`${line}\n`);
process.stdout.write(`\n${summary(findings)}\n`);
// Clients of vendors may hold a connection open; everything has been said.
process.exit(findings.some((finding) => finding.level === 'FAIL') ? 1 : 0);
