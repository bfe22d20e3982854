/** What a call is about, as a request says it: what it leaves out comes from the configuration. */
import { claimSchema } from '../domain/claim.ts';
import type { Initiate } from '../domain/initiate.ts';
import type { CallRequestBody } from './call-schemas.ts';
import { diallable } from './dialling.ts';
import { initiateFor, type ApiSettings } from './ports.ts';
import { invalidField } from './problems.ts';

export function initiateOf(body: Omit<CallRequestBody, 'phone_number'>, settings: ApiSettings): Initiate {
  const base = initiateFor(settings, settings.botNumber);
  const operator = body.agent_phone_number;
  return {
    botCompany: body.bot_company ?? base.botCompany,
    botName: body.bot_name ?? base.botName,
    task: body.task ?? base.task,
    operatorNumber:
      typeof operator === 'string'
        ? diallable('agent_phone_number', operator, settings)
        : operator === null
          ? null
          : base.operatorNumber,
    claim: body.claim === undefined ? base.claim : claimSchema(body.claim),
    language: body.lang === undefined ? base.language : languageOf(body.lang, settings.languages),
    speechSpeed: body.prosody_rate ?? base.speechSpeed,
    scenario: base.scenario,
    ...ringBackOf(body.ring_back_after_min ?? base.ringBackAfterMin ?? 0),
  };
}

const ringBackOf = (afterMin: number): Pick<Initiate, 'ringBackAfterMin'> =>
  afterMin === 0 ? {} : { ringBackAfterMin: afterMin };

/** A full tag as it stands; a bare language means the configured one of that language. */
function languageOf(text: string, configured: string[]): string {
  const [language = '', region] = text.replace('_', '-').split('-');
  const tag =
    region === undefined
      ? configured.find((code) => code.startsWith(`${language.toLowerCase()}-`))
      : `${language.toLowerCase()}-${region.toUpperCase()}`;
  if (tag === undefined || !/^[a-z]{2,3}-[A-Z]{2}$/.test(tag))
    throw invalidField('lang', `must be a language like en-US; configured: ${configured.join(', ')}`);
  return tag;
}
