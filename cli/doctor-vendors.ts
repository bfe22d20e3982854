/** Google, Anthropic, HubSpot: are the credentials there, readable and believed? */
import { existsSync, readFileSync } from 'node:fs';
import type { Config } from '../config/load.ts';
import { accepts } from '../local/ports.ts';
import { ask } from './doctor-http.ts';
import { fail, ok, reason, warn, type Finding } from './doctor-findings.ts';

type Env = NodeJS.ProcessEnv;
const ANTHROPIC = 'https://api.anthropic.com';
const ANTHROPIC_VERSION = '2023-06-01';
const HUBSPOT = 'https://api.hubapi.com';
const GOOGLE_ANSWER_MS = 10_000;

/** The address of a stand-in or a self-hosted service: something must listen there. */
async function lookAtAddress(subject: string, variable: string, address: string): Promise<Finding> {
  if (!URL.canParse(address))
    return fail(subject, `${variable}=${address} is not an address`, 'Write it like http://127.0.0.1:8096.');
  const { hostname, port, protocol } = new URL(address);
  const number = Number(port || (protocol === 'http:' ? 80 : 443));
  if (await accepts(number, hostname.replace(/^\[|\]$/g, ''))) return ok(subject, `${address} accepts connections`);
  return fail(
    subject,
    `${address} does not accept connections`,
    `Start what should listen there, or mend ${variable}.`,
  );
}

export async function lookAtGoogle(env: Env, config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const speech = env['GOOGLE_SPEECH_API_URL'];
  const synthesis = env['GOOGLE_TTS_API_URL'];
  if (speech) findings.push(await lookAtAddress('Google speech', 'GOOGLE_SPEECH_API_URL', speech));
  if (synthesis) findings.push(await lookAtAddress('Google voices', 'GOOGLE_TTS_API_URL', synthesis));
  const file = env['GOOGLE_APPLICATION_CREDENTIALS'];
  if (!file) return findings;
  const read = lookAtCredentials(file);
  findings.push(read);
  if (read.level === 'FAIL') return findings;
  if (!synthesis) findings.push(await lookAtVoices());
  if (!speech) findings.push(await lookAtRecognition(config));
  return findings;
}

/** A server of one's own: is it there, does it let us in, and does it know the model? */
export async function lookAtOwnSpeech({ speech }: Config): Promise<Finding[]> {
  const headers: Record<string, string> =
    speech.openaiApiKey === null ? {} : { authorization: `Bearer ${speech.openaiApiKey}` };
  const places = [
    { subject: 'own recogniser', section: 'stt', place: speech.openaiStt },
    { subject: 'own voice', section: 'tts', place: speech.openaiTts },
  ];
  const groups = await Promise.all(
    places.map(async ({ subject, section, place }) => {
      if (place === null) return [];
      const base = place.url.replace(/\/+$/, '').replace(/\/v1$/, '');
      const asked = await ask(`${base}/v1/models`, headers);
      if (!asked.answered)
        return [fail(subject, `${base} does not answer: ${asked.why}`, `Start the server, or mend ${section}.url.`)];
      const { status, body } = asked.answer;
      if (status === 401 || status === 403)
        return [fail(subject, `${base} refuses the key (${String(status)})`, 'Set OPENAI_SPEECH_API_KEY.')];
      if (status !== 200)
        return [
          warn(
            subject,
            `${base} answers, but ${String(status)} to a look at its models`,
            'whisper.cpp and some others have no list; place a call to be sure.',
          ),
        ];
      const models = modelsIn(body);
      return models.length === 0 || models.includes(place.model)
        ? [ok(subject, `${base} answers, model ${place.model}`)]
        : [
            warn(
              subject,
              `${base} does not list ${place.model} (it has ${models.slice(0, 5).join(', ')})`,
              `Load it there, or name another as ${section}.model.`,
            ),
          ];
    }),
  );
  return groups.flat();
}

function modelsIn(body: unknown): string[] {
  const { data } = (body ?? {}) as { data?: { id?: unknown }[] };
  return Array.isArray(data) ? data.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])) : [];
}

export function lookAtCredentials(file: string): Finding {
  const remedy = 'IAM → Service accounts → Keys → Add key → JSON; give the path of that file.';
  if (!existsSync(file)) return fail('Google', `GOOGLE_APPLICATION_CREDENTIALS=${file}: there is no such file`, remedy);
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (content['type'] === 'service_account' && (!content['client_email'] || !content['private_key'])) {
      return fail('Google', `${file} lacks client_email or private_key`, remedy);
    }
    return ok('Google', `credentials readable (${String(content['client_email'] ?? content['type'])})`);
  } catch {
    return fail('Google', `${file} is not JSON`, remedy);
  }
}

async function lookAtVoices(): Promise<Finding> {
  const { TextToSpeechClient } = await import('@google-cloud/text-to-speech');
  const client = new TextToSpeechClient();
  try {
    const [reply] = await client.listVoices({ languageCode: 'en-US' }, { timeout: GOOGLE_ANSWER_MS });
    return ok('Google voices', `${String(reply.voices?.length ?? 0)} voices for en-US`);
  } catch (error) {
    return fail('Google voices', reason(error), 'Enable the Cloud Text-to-Speech API and billing in the project.');
  } finally {
    await client.close();
  }
}

async function lookAtRecognition(config: Config): Promise<Finding> {
  const { v2 } = await import('@google-cloud/speech');
  const { location, projectId } = config.google;
  const client = new v2.SpeechClient(location === 'global' ? {} : { apiEndpoint: `${location}-speech.googleapis.com` });
  try {
    await client.listRecognizers(
      { parent: `projects/${projectId}/locations/${location}` },
      { timeout: GOOGLE_ANSWER_MS },
    );
    return ok('Google speech', `project ${projectId} answers in ${location}`);
  } catch (error) {
    return fail(
      'Google speech',
      reason(error),
      'Enable the Cloud Speech-to-Text API, set GOOGLE_CLOUD_PROJECT, and give the account the role Cloud Speech Client.',
    );
  } finally {
    await client.close();
  }
}

export async function lookAtModel(env: Env, config: Config): Promise<Finding[]> {
  const base = (env['ANTHROPIC_BASE_URL'] ?? ANTHROPIC).replace(/\/$/, '');
  const headers = { 'x-api-key': env['ANTHROPIC_API_KEY'] ?? 'none', 'anthropic-version': ANTHROPIC_VERSION };
  const models = [...new Set([config.llm?.fast.model, config.llm?.slow.model, config.llm?.fallback.model])];
  const findings: Finding[] = [];
  for (const model of models.filter((name) => name !== undefined)) {
    const asked = await ask(`${base}/v1/models/${encodeURIComponent(model)}`, headers);
    if (!asked.answered)
      return [
        fail(
          'Anthropic',
          `${base} does not answer: ${asked.why}`,
          'Look at ANTHROPIC_BASE_URL, the network and any proxy.',
        ),
      ];
    const { status } = asked.answer;
    if (status === 200) findings.push(ok('Anthropic', `${model} is there`));
    else if (status === 401 || status === 403)
      return [
        fail('Anthropic', `${base} refuses the key (${String(status)})`, 'Make a new key in the Anthropic console.'),
      ];
    else if (base === ANTHROPIC && status === 404)
      findings.push(fail('Anthropic', `there is no model ${model}`, 'Name one that exists under llm: in config.yaml.'));
    else
      findings.push(
        warn(
          'Anthropic',
          `${base} answered ${String(status)} to a look at ${model}`,
          'A gateway or stand-in may not know this request; place a call to be sure.',
        ),
      );
  }
  return findings;
}

export async function lookAtCrm(env: Env): Promise<Finding[]> {
  const base = (env['HUBSPOT_BASE_URL'] ?? HUBSPOT).replace(/\/$/, '');
  const asked = await ask(`${base}/crm/v3/objects/contacts?limit=1`, {
    authorization: `Bearer ${env['HUBSPOT_TOKEN'] ?? 'none'}`,
  });
  if (!asked.answered)
    return [
      fail('HubSpot', `${base} does not answer: ${asked.why}`, 'Look at HUBSPOT_BASE_URL, the network and any proxy.'),
    ];
  const { status } = asked.answer;
  if (status === 200) return [ok('HubSpot', `${base} lets us read contacts`)];
  if (status === 401 || status === 403) {
    return [
      fail(
        'HubSpot',
        `${base} refuses the token (${String(status)})`,
        'Private app with the scopes crm.objects.contacts.read and .write.',
      ),
    ];
  }
  return [
    warn(
      'HubSpot',
      `${base} answered ${String(status)} to a list of contacts`,
      'A stand-in may not know this request; otherwise look at the token.',
    ),
  ];
}
