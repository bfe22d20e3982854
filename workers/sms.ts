/** By whom text messages go out, as `sms.mode` says. */
import type { Config } from '../config/load.ts';
import type { Sms } from '../providers/sms.ts';
import { withFallback } from '../providers/sms-fallback.ts';
import { createTwilioSms } from '../providers/twilio/sms.ts';
import { createVonageSms } from '../providers/vonage/sms.ts';
import { createVonageSmsApi } from '../providers/vonage/sms-api.ts';
import type { Logger } from '../telemetry/log.ts';

export function smsFrom({ sms, vonage, http }: Config, log: Logger): Sms {
  if (sms.mode === 'twilio') {
    if (sms.twilio === null) throw new Error('sms.mode is twilio: sms.twilio and TWILIO_AUTH_TOKEN are not set');
    return createTwilioSms(sms.twilio, { statusUrl: `${http.publicUrl}/twilio/sms/status` });
  }
  if (vonage === null) throw new Error('VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY are not set');
  const older = createVonageSmsApi(vonage, { statusUrl: `${http.publicUrl}/vonage/sms-api/status` });
  if (sms.mode === 'vonage_sms') return older;
  const messages = createVonageSms(vonage, { statusUrl: `${http.publicUrl}/vonage/sms/status` });
  // The older one knows no application: without its secret there is nobody to fall back to.
  return vonage.apiSecret === '' ? messages : withFallback(messages, older, log);
}
