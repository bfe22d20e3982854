import { expect, test } from 'vitest';
import { escalationReason } from '../../domain/escalation.ts';

test.each([
  ['en-US', 'I want to talk to an operator', 'operator'],
  ['en-US', 'no I want an operator', 'operator'],
  ['en-US', "I don't understand, connect me to somebody", 'connect me'],
  ['en-US', 'let me speak to a live person', 'live person'],
  ['en-US', 'I have a complaint', 'complaint'],
  ['en-US', 'I want my money back', 'money back'],
  ['en-US', 'I will take you to court', 'to court'],
  ['en-GB', 'refunds, now!', 'refund'],
  ['ru-RU', 'Оператор!', 'оператор'],
  ['ru-RU', 'Позовите оператора', 'оператор'],
  ['ru-RU', 'Соедините меня', 'соедините'],
  ['ru', 'соедини с кем-нибудь', 'соедини'],
  ['ru-RU', 'дайте живого человека', 'живой человек'],
  ['ru-RU', 'у меня жалоба', 'жалоба'],
  ['ru-RU', 'я напишу жалобу', 'жалоба'],
  ['ru-RU', 'хочу пожаловаться', 'пожаловаться'],
  ['ru-RU', 'оформите возврат', 'возврат'],
  ['ru-RU', 'требую возврата', 'возврат'],
  ['ru-RU', 'я подам в суд', 'суд'],
  ['ru-RU', 'встретимся в суде', 'суд'],
  ['de-DE', 'ich möchte mit einem Menschen sprechen', 'einem menschen'],
  ['fr-FR', 'je veux parler à un conseiller', 'conseiller'],
  ['es-ES', 'quiero un reembolso', 'reembolso'],
  ['it-IT', 'vorrei parlare con un operatore', 'operatore'],
  ['pl-PL', 'proszę z konsultantem', 'konsultant'],
  ['tr-TR', 'temsilciye bağlayın', 'temsilci'],
])('[ES3] %s: “%s” asks for a person', (language, utterance, phrase) =>
  expect(escalationReason(utterance, language)).toBe(phrase),
);

test.each([
  ['en-US', "I don't need an operator"],
  ['en-US', 'no operator please'],
  ['en-US', "please don't connect me"],
  ['en-US', 'an operator is not needed'],
  ['ru-RU', 'мне не нужен оператор'],
  ['ru-RU', 'оператор не нужен'],
  ['ru-RU', 'не соединяйте, не хочу жаловаться'],
  ['de-DE', 'ich brauche keinen Mitarbeiter'],
  ['fr-FR', 'je ne veux pas de conseiller'],
  ['es-ES', 'no quiero un reembolso'],
])('[ES4] %s: “%s” denies it', (language, utterance) => expect(escalationReason(utterance, language)).toBeNull());

test.each([
  ['en-US', 'the climate is humane'],
  ['en-US', 'I live at 12 Elm Court'],
  ['ru-RU', 'это моя судьба'],
  ['ru-RU', 'судно стоит в порту'],
  ['de-DE', 'ein leckeres Gericht'],
])('[ES5] %s: “%s” only looks like it', (language, utterance) =>
  expect(escalationReason(utterance, language)).toBeNull(),
);

test('[ES6] phrases come from the configuration, endings by asterisk, one list for every language', () => {
  const phrases = { en: ['boss'], '*': ['sos', 'catastroph*'] };
  expect(escalationReason('get me your boss', 'en-US', phrases)).toBe('boss');
  expect(escalationReason('operator', 'en-US', phrases)).toBeNull();
  expect(escalationReason('SOS', 'de-DE', phrases)).toBe('sos');
  expect(escalationReason('a catastrophic failure', 'de-DE', phrases)).toBe('catastroph');
});
