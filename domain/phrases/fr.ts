import type { PhraseBook } from '../phrases.ts';

export const fr: PhraseBook = {
  greeting: [
    'Bonjour[ {customerName}], ici {botName}, l’assistant virtuel de {company}. Comment puis-je vous aider ?',
    'Bonjour[ {customerName}], vous parlez avec {botName}, l’assistant automatique de {company}. Que puis-je faire pour vous ?',
  ],
  welcome_back: [
    'Rebonjour[ {customerName}], ici {botName}, l’assistant virtuel de {company}.[ Jusqu’ici nous avons noté : {recap}.] On reprend où nous en étions ?',
  ],
  promised_call: [
    'Bonjour[ {customerName}], ici {botName}, l’assistant virtuel de {company}. Je vous rappelle comme promis.[ {late}][ {recap}] Avez-vous un moment ?',
  ],
  sorry_so_late: ['Veuillez m’excuser d’appeler plus tard que promis.'],
  ringing_back: [
    'Bonjour[ {customerName}], c’est de nouveau {botName}, l’assistant virtuel de {company}. Nous avons été coupés. Reprenons-nous là où nous en étions ?',
  ],
  sorry_as_I_was_saying: [
    'Désolé pour la coupure.[ Je disais : {recap}]',
    'Pardon, nous avons été coupés.[ Je disais : {recap}]',
  ],
  goodbye: ['Merci d’avoir appelé {company}. Au revoir !', 'Merci[ {customerName}], bonne journée. Au revoir !'],
  error: [
    'Désolé, quelque chose n’a pas marché de mon côté. Pouvez-vous répéter ?',
    'Cela n’a pas fonctionné. Pouvez-vous le redire, s’il vous plaît ?',
  ],
  waiting: ['Un instant, je regarde.', 'Je suis toujours là, une seconde.', 'Merci de patienter, j’y suis presque.'],
  still_there: ['Êtes-vous toujours là ?', 'Allô, m’entendez-vous ?'],
  didnt_hear: ['Pardon, je n’ai pas compris. Pouvez-vous répéter ?', 'Je vous entends mal. Pouvez-vous le redire ?'],
  connecting_operator: [
    'Je vous mets en relation avec un collègue. Un instant, s’il vous plaît.',
    'Bien sûr, je vous passe un collègue.',
  ],
  operator_failed: [
    'Je suis désolé, aucun collègue n’est libre. Nous vous rappellerons.[ {when}] Puis-je noter autre chose pour eux ?',
  ],
  after_operator: ['Vous êtes de nouveau avec {botName}. Puis-je faire autre chose pour vous ?'],
  technical_trouble: ['J’ai un problème technique en ce moment. Merci de patienter un peu.'],
  no_voice: [
    'Je suis désolé, un problème technique m’empêche de continuer. Nous vous rappellerons sous peu. Au revoir !',
  ],
  no_ears: [
    'Je suis désolé, un problème technique m’empêche de vous entendre. Appuyez sur un, et nous vous rappellerons.',
  ],
  missed_call_apology: [
    'Bonjour, nous sommes désolés de n’avoir pas pu prendre votre appel. Nous vous rappellerons dès que possible.',
  ],
  we_missed_you: [
    'Vous nous avez appelés et nous n’avons pas pu répondre : la faute était de notre côté, nous en sommes désolés.',
  ],
  to_voicemail: [
    'Bonjour, ici {botName}, l’assistant virtuel de {company}. Je souhaitais vous parler et je tombe sur votre messagerie.[ {again}] Vous pouvez aussi nous rappeler à ce numéro. Au revoir !',
  ],
  tries_again: ['Je réessaierai plus tard.'],
  one_moment: ['Un instant.', 'Une seconde, s’il vous plaît.'],
  going_in_circles: [
    'Je crains que nous tournions en rond. Pouvez-vous le dire autrement ?',
    'Essayons autrement. Dites-moi, s’il vous plaît, avec d’autres mots ce qu’il vous faut.',
  ],
  written_by: ['Ici {botName}, l’assistante virtuelle de {company}.'],
  colleague_calls: ['Un collègue vous appellera à ce sujet. Dois-je noter autre chose pour lui ?'],
  text_failed: ['Au fait, mon SMS ne vous est pas parvenu.[ Il disait : {text}]'],
  text_arrived: ['Et mon SMS vous est finalement bien parvenu.'],
};
