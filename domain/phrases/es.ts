import type { PhraseBook } from '../phrases.ts';

export const es: PhraseBook = {
  greeting: [
    'Hola[, {customerName}], soy {botName}, el asistente virtual de {company}. ¿En qué puedo ayudarle?',
    'Buenos días[, {customerName}], habla con {botName}, el asistente automático de {company}. ¿Qué puedo hacer por usted?',
  ],
  welcome_back: [
    'Hola de nuevo[, {customerName}], soy {botName}, el asistente virtual de {company}.[ Hasta ahora tenemos: {recap}.] ¿Seguimos donde lo dejamos?',
  ],
  promised_call: [
    'Hola[, {customerName}], soy {botName}, el asistente virtual de {company}. Le llamo como prometimos.[ {late}][ {recap}] ¿Tiene un momento?',
  ],
  sorry_so_late: ['Disculpe que le llame más tarde de lo prometido.'],
  ringing_back: [
    'Hola[, {customerName}], soy otra vez {botName}, el asistente virtual de {company}. Se cortó la llamada. ¿Seguimos donde lo dejamos?',
  ],
  sorry_as_I_was_saying: [
    'Disculpe la interrupción.[ Como le decía: {recap}]',
    'Perdón, se ha cortado un momento.[ Como le decía: {recap}]',
  ],
  goodbye: ['Gracias por llamar a {company}. ¡Adiós!', 'Gracias[, {customerName}], que tenga un buen día. ¡Adiós!'],
  error: [
    'Perdón, algo ha fallado por mi parte. ¿Puede repetirlo?',
    'Lo siento, no ha funcionado. ¿Puede decirlo otra vez?',
  ],
  waiting: ['Un momento, lo estoy mirando.', 'Sigo aquí, un segundo.', 'Gracias por esperar, ya casi está.'],
  still_there: ['¿Sigue ahí?', 'Hola, ¿me oye?'],
  didnt_hear: ['Perdón, no le he entendido. ¿Puede repetirlo?', 'No le oigo bien. ¿Puede decirlo otra vez?'],
  connecting_operator: ['Le paso con un compañero. Un momento, por favor.', 'Por supuesto, le pongo con un compañero.'],
  operator_failed: [
    'Lo siento, ahora mismo no hay nadie libre. Le devolveremos la llamada.[ {when}] ¿Quiere que anote algo más?',
  ],
  after_operator: ['Vuelve a hablar con {botName}. ¿Puedo hacer algo más por usted?'],
  technical_trouble: ['Tengo un problema técnico en este momento. Espere un poco, por favor.'],
  no_voice: ['Lo siento, un problema técnico me impide continuar. Le llamaremos en breve. ¡Adiós!'],
  no_ears: ['Lo siento, por un problema técnico no puedo oírle. Pulse uno y le devolveremos la llamada.'],
  missed_call_apology: ['Hola, sentimos no haber podido atender su llamada. Le llamaremos lo antes posible.'],
  we_missed_you: ['Usted nos llamó y no pudimos contestar: el fallo fue nuestro y lo sentimos.'],
  to_voicemail: [
    'Hola, soy {botName}, el asistente virtual de {company}. Quería hablar con usted y me ha respondido su buzón de voz.[ {again}] También puede llamarnos a este número. ¡Hasta luego!',
  ],
  tries_again: ['Volveré a intentarlo más tarde.'],
  one_moment: ['Un momento.', 'Un segundo, por favor.'],
  going_in_circles: [
    'Me temo que estamos dando vueltas. ¿Puede decirlo de otra manera?',
    'Probemos de otra forma. Dígame con otras palabras qué necesita.',
  ],
  written_by: ['Le escribe {botName}, la asistente virtual de {company}.'],
  colleague_calls: ['Un compañero le llamará sobre este asunto. ¿Desea que anote algo más?'],
  text_failed: ['Por cierto, mi SMS no le ha llegado.[ Decía: {text}]'],
  text_arrived: ['Y mi SMS al final sí le ha llegado.'],
};
