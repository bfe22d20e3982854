import type { PhraseBook } from '../phrases.ts';

export const nl: PhraseBook = {
  greeting: [
    'Goedendag[ {customerName}], u spreekt met {botName}, de virtuele assistent van {company}. Hoe kan ik u helpen?',
    'Hallo[ {customerName}], dit is {botName}, de automatische assistent van {company}. Wat kan ik voor u doen?',
  ],
  welcome_back: [
    'Hallo weer[ {customerName}], dit is {botName}, de virtuele assistent van {company}.[ Tot nu toe hebben we: {recap}.] Gaan we verder waar we waren?',
  ],
  promised_call: [
    'Goedendag[ {customerName}], u spreekt met {botName}, de virtuele assistent van {company}. Ik bel u terug zoals beloofd.[ {late}][ {recap}] Heeft u even tijd?',
  ],
  sorry_so_late: ['Excuses dat ik later bel dan beloofd.'],
  ringing_back: [
    'Goedendag[ {customerName}], u spreekt nogmaals met {botName}, de virtuele assistent van {company}. De verbinding werd verbroken. Zullen we verdergaan waar we gebleven waren?',
  ],
  sorry_as_I_was_saying: [
    'Excuses voor de onderbreking.[ Zoals ik zei: {recap}]',
    'Sorry, de verbinding was even weg.[ Zoals ik zei: {recap}]',
  ],
  goodbye: [
    'Bedankt voor het bellen met {company}. Tot ziens!',
    'Dank u[ {customerName}], nog een fijne dag. Tot ziens!',
  ],
  error: [
    'Sorry, er ging iets mis aan mijn kant. Kunt u dat herhalen?',
    'Dat is helaas niet gelukt. Kunt u het nog eens zeggen?',
  ],
  waiting: ['Een moment, ik kijk het na.', 'Ik ben er nog, één seconde.', 'Dank u voor het wachten, ik ben er bijna.'],
  still_there: ['Bent u er nog?', 'Hallo, kunt u mij horen?'],
  didnt_hear: [
    'Sorry, dat heb ik niet verstaan. Kunt u het herhalen?',
    'Ik hoor u slecht. Kunt u het nog eens zeggen?',
  ],
  connecting_operator: ['Ik verbind u door met een collega. Een moment alstublieft.', 'Natuurlijk, ik verbind u door.'],
  operator_failed: ['Het spijt me, er is nu geen collega vrij. Wij bellen u terug.[ {when}] Kan ik nog iets noteren?'],
  after_operator: ['U spreekt weer met {botName}. Kan ik nog iets voor u doen?'],
  technical_trouble: ['Ik heb op dit moment een technisch probleem. Een ogenblik geduld alstublieft.'],
  no_voice: ['Het spijt me, door een technische storing kan ik niet verdergaan. We bellen u zo terug. Tot ziens!'],
  no_ears: ['Het spijt me, door een technische storing kan ik u niet horen. Druk op één, dan bellen we u terug.'],
  missed_call_apology: [
    'Goedendag, het spijt ons dat we uw oproep niet konden aannemen. We bellen u zo snel mogelijk terug.',
  ],
  we_missed_you: ['U belde ons en we konden niet opnemen: dat lag aan ons, en het spijt ons.'],
  to_voicemail: [
    'Goedendag, u spreekt met {botName}, de virtuele assistent van {company}. Ik wilde u spreken en kreeg uw voicemail.[ {again}] U kunt ons ook terugbellen op dit nummer. Tot ziens!',
  ],
  tries_again: ['Ik probeer het later nog eens.'],
  one_moment: ['Een moment alstublieft.', 'Een seconde.'],
  going_in_circles: [
    'Ik ben bang dat we in kringetjes draaien. Kunt u het anders zeggen?',
    'Laten we het anders proberen. Vertel mij in andere woorden wat u nodig heeft.',
  ],
  written_by: ['Dit is {botName}, de virtuele assistent van {company}.'],
  colleague_calls: ['Een collega belt u hierover. Zal ik nog iets noteren?'],
  text_failed: ['Mijn sms is overigens niet aangekomen.[ Er stond in: {text}]'],
  text_arrived: ['En mijn sms is toch nog aangekomen.'],
};
