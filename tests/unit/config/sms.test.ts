import { expect, test } from 'vitest';
import { loadConfig } from '../../../config/load.ts';

const base = { CONFIG_FILE: '/nowhere/config.yaml', MEDIA_TOKEN_SECRET: 'x' };

test('[SM7] text messages go by the Messages API unless told otherwise', () => {
  expect(loadConfig(base).sms).toEqual({ mode: 'vonage_messages', twilio: null });
  expect(loadConfig({ ...base, SMS__MODE: 'vonage_sms' }).sms.mode).toBe('vonage_sms');
});

test('[SM7] Twilio needs its account, its number and, from the environment alone, its secret', () => {
  const account = { SMS__TWILIO__ACCOUNT_SID: 'AC1', SMS__TWILIO__PHONE_NUMBER: '"+12025550143"' };
  expect(loadConfig({ ...base, SMS__MODE: 'twilio', ...account, TWILIO_AUTH_TOKEN: 'secret' }).sms).toEqual({
    mode: 'twilio',
    twilio: { accountSid: 'AC1', authToken: 'secret', phoneNumber: '+12025550143', apiUrl: null },
  });
  expect(() => loadConfig({ ...base, SMS__MODE: 'twilio' })).toThrow('sms.twilio.account_sid');
  expect(() => loadConfig({ ...base, SMS__MODE: 'twilio', ...account })).toThrow('TWILIO_AUTH_TOKEN');
  expect(() => loadConfig({ ...base, ...account, SMS__TWILIO__AUTH_TOKEN: 'secret' })).toThrow('sms.twilio');
});
