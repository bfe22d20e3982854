/** Which networks' text messages are taken, and where: names the vendors, for the api's process. */
import type { Config } from '../config/load.ts';
import { createTwilioDoor } from '../providers/twilio/door.ts';
import { createVonageMessagesDoor } from '../providers/vonage/sms-door.ts';
import { createVonageSmsApiDoor } from '../providers/vonage/sms-api-door.ts';
import { WEBHOOK_MAX_AGE_MS } from './app.ts';
import type { ApiPorts } from './ports.ts';

/** A number's messages come by the API that its owner has chosen for it at Vonage, whichever we send by. */
export function textDoors({ vonage, sms }: Config): ApiPorts['texts'] {
  const signed = { signatureSecret: vonage?.signatureSecret ?? null, maxAgeMs: WEBHOOK_MAX_AGE_MS };
  const doors = [
    { path: '/vonage/sms', door: createVonageMessagesDoor(signed) },
    { path: '/vonage/sms-api', door: createVonageSmsApiDoor(signed) },
  ];
  return sms.twilio === null ? doors : [...doors, { path: '/twilio/sms', door: createTwilioDoor(sms.twilio) }];
}
