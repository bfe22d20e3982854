import type { PhraseBook } from '../phrases.ts';

export const pt: PhraseBook = {
  greeting: [
    'Olá[ {customerName}], fala {botName}, o assistente virtual da {company}. Como posso ajudar?',
    'Bom dia[ {customerName}], está a falar com {botName}, o assistente automático da {company}. O que posso fazer por si?',
  ],
  welcome_back: [
    'Olá de novo[ {customerName}], fala {botName}, o assistente virtual da {company}.[ Até agora temos: {recap}.] Continuamos de onde parámos?',
  ],
  promised_call: [
    'Olá[ {customerName}], fala {botName}, o assistente virtual da {company}. Ligo de volta como prometido.[ {late}][ {recap}] Tem um momento?',
  ],
  sorry_so_late: ['Peço desculpa por ligar mais tarde do que o prometido.'],
  ringing_back: [
    'Olá[ {customerName}], fala de novo {botName}, o assistente virtual da {company}. A chamada caiu. Continuamos de onde parámos?',
  ],
  sorry_as_I_was_saying: [
    'Desculpe a interrupção.[ Como eu dizia: {recap}]',
    'Desculpe, a linha caiu por um momento.[ Como eu dizia: {recap}]',
  ],
  goodbye: ['Obrigado por ligar para a {company}. Adeus!', 'Obrigado[ {customerName}], tenha um bom dia. Adeus!'],
  error: ['Desculpe, algo correu mal do meu lado. Pode repetir?', 'Infelizmente não funcionou. Pode dizer outra vez?'],
  waiting: ['Um momento, estou a ver.', 'Continuo aqui, só um segundo.', 'Obrigado por esperar, está quase.'],
  still_there: ['Ainda está aí?', 'Estou, consegue ouvir-me?'],
  didnt_hear: ['Desculpe, não percebi. Pode repetir?', 'Não o ouço bem. Pode dizer outra vez?'],
  connecting_operator: ['Vou passar a um colega. Um momento, por favor.', 'Claro, vou passar a chamada a um colega.'],
  operator_failed: [
    'Lamento, nenhum colega está livre agora. Vamos ligar-lhe de volta.[ {when}] Quer que anote mais alguma coisa?',
  ],
  after_operator: ['Está de novo com {botName}. Posso ajudar em mais alguma coisa?'],
  technical_trouble: ['Estou com um problema técnico neste momento. Aguarde um pouco, por favor.'],
  no_voice: ['Peço desculpa, um problema técnico impede-me de continuar. Voltaremos a ligar em breve. Até logo!'],
  no_ears: ['Peço desculpa, por um problema técnico não consigo ouvir. Prima um e voltaremos a ligar.'],
  missed_call_apology: ['Olá, lamentamos não ter podido atender a sua chamada. Ligaremos de volta assim que possível.'],
  we_missed_you: ['Ligou-nos e não pudemos atender: a falha foi nossa e pedimos desculpa.'],
  to_voicemail: [
    'Olá, fala {botName}, o assistente virtual da {company}. Queria falar consigo e respondeu o gravador de chamadas.[ {again}] Também nos pode ligar para este número. Até breve!',
  ],
  tries_again: ['Volto a tentar mais tarde.'],
  one_moment: ['Um momento.', 'Um segundo, por favor.'],
  going_in_circles: [
    'Receio que estejamos a andar em círculos. Pode dizê-lo por outras palavras?',
    'Vamos tentar de outra forma. Diga-me por outras palavras de que precisa.',
  ],
  written_by: ['Aqui é {botName}, a assistente virtual da {company}.'],
  colleague_calls: ['Um colega vai telefonar-lhe sobre este assunto. Devo anotar mais alguma coisa?'],
  text_failed: ['A propósito, o meu SMS não chegou.[ Dizia: {text}]'],
  text_arrived: ['E o meu SMS acabou por chegar.'],
};
