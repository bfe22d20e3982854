/** Text messages: by whom they go out. */
import { asE164, type E164 } from '../domain/ids.ts';
import type { ConfigFile } from './schema.ts';

export interface SmsConfig {
  mode: 'vonage_messages' | 'vonage_sms' | 'twilio';
  /** Null = not configured: its webhooks are not taken either. */
  twilio: { accountSid: string; authToken: string; phoneNumber: E164; apiUrl: string | null } | null;
}

export function smsFrom(
  { mode, twilio }: ConfigFile['sms'],
  env: { authToken: string | null; apiUrl: string | null },
): SmsConfig {
  if (twilio === null) {
    if (mode === 'twilio')
      throw new Error('sms.mode is twilio: set sms.twilio.account_sid and sms.twilio.phone_number');
    return { mode, twilio: null };
  }
  if (env.authToken === null)
    throw new Error(
      'TWILIO_AUTH_TOKEN is not set: sms.twilio needs it, both to send and to know what comes from Twilio',
    );
  const { account_sid: accountSid, phone_number: number } = twilio;
  return { mode, twilio: { accountSid, authToken: env.authToken, phoneNumber: asE164(number), apiUrl: env.apiUrl } };
}
