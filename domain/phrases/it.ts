import type { PhraseBook } from '../phrases.ts';

export const it: PhraseBook = {
  greeting: [
    'Buongiorno[ {customerName}], sono {botName}, l’assistente virtuale di {company}. Come posso aiutarla?',
    'Salve[ {customerName}], parla con {botName}, l’assistente automatico di {company}. Che cosa posso fare per lei?',
  ],
  welcome_back: [
    'Bentornato[ {customerName}], sono {botName}, l’assistente virtuale di {company}.[ Finora abbiamo: {recap}.] Continuiamo da dove eravamo?',
  ],
  promised_call: [
    'Buongiorno[ {customerName}], sono {botName}, l’assistente virtuale di {company}. La richiamo come promesso.[ {late}][ {recap}] Ha un momento?',
  ],
  sorry_so_late: ['Mi scusi se chiamo più tardi di quanto promesso.'],
  ringing_back: [
    'Buongiorno[ {customerName}], sono di nuovo {botName}, l’assistente virtuale di {company}. È caduta la linea. Riprendiamo da dove eravamo rimasti?',
  ],
  sorry_as_I_was_saying: [
    'Scusi l’interruzione.[ Stavo dicendo: {recap}]',
    'Mi scusi, è caduta la linea.[ Stavo dicendo: {recap}]',
  ],
  goodbye: [
    'Grazie per aver chiamato {company}. Arrivederci!',
    'Grazie[ {customerName}], buona giornata. Arrivederci!',
  ],
  error: ['Mi scusi, qualcosa non ha funzionato. Può ripetere?', 'Purtroppo non è andata. Può ripeterlo, per favore?'],
  waiting: ['Un momento, sto guardando.', 'Sono ancora qui, un secondo.', 'Grazie per l’attesa, ci sono quasi.'],
  still_there: ['È ancora in linea?', 'Pronto, mi sente?'],
  didnt_hear: ['Mi scusi, non ho capito. Può ripetere?', 'La sento male. Può ripetere, per favore?'],
  connecting_operator: ['La metto in contatto con un collega. Un momento, per favore.', 'Certo, le passo un collega.'],
  operator_failed: ['Mi dispiace, nessun collega è libero. La richiameremo.[ {when}] Vuole che annoti altro?'],
  after_operator: ['È di nuovo con {botName}. Posso fare altro per lei?'],
  technical_trouble: ['Ho un problema tecnico in questo momento. Attenda un attimo, per favore.'],
  no_voice: ['Mi dispiace, un problema tecnico mi impedisce di continuare. La richiameremo a breve. Arrivederci!'],
  no_ears: ['Mi dispiace, per un problema tecnico non riesco a sentirla. Prema uno e la richiameremo.'],
  missed_call_apology: [
    'Buongiorno, ci dispiace di non aver potuto rispondere alla sua chiamata. La richiameremo al più presto.',
  ],
  we_missed_you: ['Ci ha chiamati e non abbiamo potuto rispondere: la colpa era nostra e ci dispiace.'],
  to_voicemail: [
    'Buongiorno, sono {botName}, l’assistente virtuale di {company}. Volevo parlare con Lei e ha risposto la segreteria.[ {again}] Può anche richiamarci a questo numero. Arrivederci!',
  ],
  tries_again: ['Riproverò più tardi.'],
  one_moment: ['Un momento.', 'Un attimo, per favore.'],
  going_in_circles: [
    'Temo che stiamo girando in tondo. Può dirlo con altre parole?',
    'Proviamo in un altro modo. Mi dica con altre parole di che cosa ha bisogno.',
  ],
  written_by: ['Le scrive {botName}, l’assistente virtuale di {company}.'],
  colleague_calls: ['Un collega La chiamerà al riguardo. Devo annotare altro?'],
  text_failed: ['A proposito, il mio SMS non è arrivato.[ Diceva: {text}]'],
  text_arrived: ['E il mio SMS alla fine è arrivato.'],
};
