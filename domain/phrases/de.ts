import type { PhraseBook } from '../phrases.ts';

export const de: PhraseBook = {
  greeting: [
    'Guten Tag[ {customerName}], hier ist {botName}, die digitale Assistenz von {company}. Wie kann ich Ihnen helfen?',
    'Hallo[ {customerName}], Sie sprechen mit {botName}, der automatischen Assistenz von {company}. Was kann ich für Sie tun?',
  ],
  welcome_back: [
    'Hallo noch einmal[ {customerName}], hier ist {botName}, die digitale Assistenz von {company}.[ Bisher haben wir: {recap}.] Wollen wir dort weitermachen?',
    'Willkommen zurück[ {customerName}], hier ist {botName}, die automatische Assistenz von {company}.[ Notiert habe ich: {recap}.] Machen wir weiter?',
  ],
  promised_call: [
    'Guten Tag[ {customerName}], hier ist {botName}, die digitale Assistenz von {company}. Ich rufe wie versprochen zurück.[ {late}][ {recap}] Haben Sie einen Moment?',
  ],
  sorry_so_late: ['Entschuldigen Sie, dass ich später anrufe als versprochen.'],
  ringing_back: [
    'Guten Tag[ {customerName}], hier ist noch einmal {botName}, die digitale Assistenz von {company}. Unser Gespräch wurde unterbrochen. Wollen wir dort weitermachen, wo wir stehen geblieben sind?',
  ],
  sorry_as_I_was_saying: [
    'Entschuldigen Sie die Unterbrechung.[ Wie ich sagte: {recap}]',
    'Entschuldigung, wir waren kurz getrennt.[ Wie ich sagte: {recap}]',
  ],
  goodbye: [
    'Vielen Dank für Ihren Anruf bei {company}. Auf Wiederhören!',
    'Danke[ {customerName}], einen schönen Tag noch. Auf Wiederhören!',
  ],
  error: [
    'Entschuldigung, da ist bei mir etwas schiefgegangen. Könnten Sie das bitte wiederholen?',
    'Das hat leider nicht geklappt. Sagen Sie es bitte noch einmal?',
  ],
  waiting: [
    'Einen Moment, ich sehe nach.',
    'Ich bin noch da, einen Augenblick.',
    'Danke für Ihre Geduld, gleich habe ich es.',
  ],
  still_there: ['Sind Sie noch da?', 'Hallo, können Sie mich hören?', 'Ich höre Sie nicht. Sind Sie noch am Apparat?'],
  didnt_hear: [
    'Das habe ich leider nicht verstanden. Könnten Sie es wiederholen?',
    'Ich habe Sie schlecht gehört. Bitte noch einmal?',
  ],
  connecting_operator: [
    'Ich verbinde Sie jetzt mit einer Kollegin oder einem Kollegen. Einen Moment bitte.',
    'Gerne, ich stelle Sie durch.',
  ],
  operator_failed: [
    'Es tut mir leid, gerade ist niemand frei. Wir rufen Sie zurück.[ {when}] Kann ich noch etwas für die Kollegen notieren?',
    'Leider konnte gerade niemand übernehmen. Ein Rückruf ist vorgemerkt.[ {when}] Kann ich sonst noch etwas tun?',
  ],
  after_operator: [
    'Sie sind wieder bei {botName}. Kann ich noch etwas für Sie tun?',
    'Hier bin ich wieder. Kann ich Ihnen noch helfen?',
  ],
  technical_trouble: [
    'Ich habe gerade technische Schwierigkeiten. Bitte haben Sie einen Augenblick Geduld.',
    'Unser System ist gerade langsam. Ich notiere, was Sie brauchen.',
  ],
  no_voice: [
    'Es tut mir leid, eine technische Störung hindert mich daran weiterzumachen. Wir rufen Sie in Kürze zurück. Auf Wiederhören!',
  ],
  no_ears: [
    'Es tut mir leid, wegen einer technischen Störung kann ich Sie nicht hören. Drücken Sie die Eins, dann rufen wir Sie zurück.',
  ],
  missed_call_apology: [
    'Guten Tag, leider konnten wir Ihren Anruf nicht annehmen. Wir rufen Sie so bald wie möglich zurück.',
  ],
  we_missed_you: ['Sie haben uns angerufen und wir konnten nicht antworten: Das lag an uns, und es tut uns leid.'],
  to_voicemail: [
    'Guten Tag, hier ist {botName}, die digitale Assistenz von {company}. Ich wollte Sie sprechen und habe nur Ihren Anrufbeantworter erreicht.[ {again}] Sie können uns auch unter dieser Nummer zurückrufen. Auf Wiederhören!',
  ],
  tries_again: ['Ich versuche es später noch einmal.'],
  one_moment: ['Einen Moment bitte.', 'Einen Augenblick.', 'Ich schaue kurz.'],
  going_in_circles: [
    'Ich fürchte, wir drehen uns im Kreis. Können Sie es anders ausdrücken?',
    'Versuchen wir es anders. Sagen Sie mir bitte mit anderen Worten, was Sie brauchen.',
  ],
  written_by: ['Hier schreibt {botName}, die virtuelle Assistentin von {company}.'],
  colleague_calls: ['Eine Kollegin oder ein Kollege ruft Sie dazu an. Soll ich noch etwas für sie notieren?'],
  text_failed: ['Übrigens ist meine SMS nicht bei Ihnen angekommen.[ Darin stand: {text}]'],
  text_arrived: ['Und meine SMS ist doch noch angekommen, wie ich sehe.'],
};
