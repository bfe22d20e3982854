import type { RulesBook } from '../book.ts';

export const de: RulesBook = {
  ask: {
    name: [
      'Wie ist bitte Ihr Name?',
      'Könnten Sie Ihren Namen bitte buchstabieren?',
      'Könnten Sie Ihren Namen buchstabieren, mit einem Wort für jeden Buchstaben, wie A wie Anton?',
    ],
    email: [
      'Wie lautet Ihre E-Mail-Adresse?',
      'Könnten Sie Ihre E-Mail-Adresse bitte Buchstabe für Buchstabe nennen?',
      'Könnten Sie Ihre E-Mail-Adresse noch einmal buchstabieren, mit einem Wort für jeden Buchstaben, wie A wie Anton?',
    ],
    phone: [
      'Unter welcher Telefonnummer erreichen wir Sie am besten?',
      'Könnten Sie mir Ihre Telefonnummer bitte Ziffer für Ziffer nennen, mit Ländervorwahl?',
      'Bitte tippen Sie Ihre Telefonnummer auf den Tasten Ihres Telefons ein und drücken Sie am Ende die Raute. Wie lautet sie?',
    ],
    datetime: [
      'Zum Punkt {label}: welcher Tag und welche Uhrzeit, bitte?',
      'Wann genau? Ich brauche Datum und Uhrzeit für {label}.',
      'Bitte tippen Sie Tag, Monat und Jahr für {label} auf den Tasten Ihres Telefons ein, dahinter die Uhrzeit, wenn Sie sie wissen, und drücken Sie am Ende die Raute. Welche Ziffern sind es?',
    ],
    counted: [
      'Können Sie mir bitte sagen: {label}?',
      'Können Sie mir das Ziffer für Ziffer nennen: {label}?',
      'Bitte tippen Sie es auf den Tasten Ihres Telefons ein und drücken Sie am Ende die Raute: {label}. Wie lautet es?',
    ],
    text: [
      'Können Sie mir bitte Folgendes sagen: {label}?',
      'Als Nächstes brauche ich: {label}. Was darf ich notieren?',
      'Mit Ihren eigenen Worten: {label}?',
    ],
  },
  again: [
    'Entschuldigung, das habe ich nicht ganz verstanden.',
    'Das habe ich leider immer noch nicht verstanden.',
    'Ich versuche es noch einmal.',
  ],
  noted: ['Danke.', 'Verstanden.', 'In Ordnung.', 'Ist notiert.'],
  notedValue: ['Ich habe {value} notiert.', 'Danke, also {value}.', 'Verstanden: {value}.'],
  summary: 'Ich fasse zusammen. {summary}.',
  confirmQuestion: ['Ist das alles richtig?', 'Habe ich alles richtig verstanden?', 'Kann es so bleiben?'],
  correctWhat: ['Was soll ich korrigieren?', 'Welcher Teil stimmt nicht, und wie ist es richtig?'],
  anythingElse: [
    'Danke, alles ist notiert. Kann ich sonst noch etwas für Sie tun?',
    'Sehr gut. Haben Sie noch ein Anliegen?',
    'Brauchen Sie noch etwas?',
  ],
  howHelp: [
    'Wie kann ich Ihnen helfen?',
    'Worum geht es bei Ihrem Anruf?',
    'Sagen Sie mir bitte in einem Satz, was passiert ist oder was Sie brauchen.',
  ],
  callbackWhen: [
    'Wann sollen wir Sie zurückrufen?',
    'Welcher Tag und welche Uhrzeit passen Ihnen für den Rückruf?',
    'Nennen Sie mir bitte Tag und Uhrzeit für den Rückruf.',
  ],
  callbackNoted: 'Der Rückruf ist notiert: {when}.',
  whichCity: [
    'In welcher Stadt sind Sie, oder in welchem Land? Dann stimmt die Uhrzeit.',
    'Damit die Uhrzeit stimmt: Welche große Stadt ist bei Ihnen in der Nähe?',
  ],
  callbackCancelled: 'Erledigt: Wir rufen Sie deswegen nicht an.',
  nothingPromised: 'Es ist nichts vorgemerkt: Niemand ruft Sie an.',
  cancelWhich: 'Es ist mehr als eines vorgemerkt: {which}. Was soll ich streichen?',
  smsSent: 'Ich habe Ihnen eine SMS geschickt.',
  textQuestion: '{company}: Bitte antworten Sie auf diese Nachricht. Wir brauchen: {label}.',
  askedByText: 'Ich habe Ihnen eine SMS geschickt: Könnten Sie darauf antworten, mit {label}?',
  smsText: '{company}: Danke für Ihren Anruf.[ Notiert haben wir: {summary}.]',
  languageChanged: 'Gerne, sprechen wir Deutsch weiter.',
  speedChanged: 'Gerne, ist es so besser?',
  notKnown: [
    'Das weiß ich leider nicht, ich gebe Ihre Frage aber weiter.',
    'Diese Frage kann ich nicht beantworten. Eine Kollegin kümmert sich darum.',
  ],
  offerHuman: [
    'Möchten Sie mit jemandem aus unserem Team sprechen?',
    'Soll ich Sie mit einer Kollegin oder einem Kollegen verbinden?',
  ],
  declined: [
    'Das kann ich nicht tun, helfe Ihnen aber gerne bei Ihrem Anliegen.',
    'Das ist mir hier leider nicht möglich.',
  ],
  leftOut: 'In Ordnung, das lassen wir weg.',
  failed: 'Das hat gerade leider nicht geklappt.',
  newClaim: 'Gut, beginnen wir von vorn.',
  whoIAm: 'Ich bin {botName}, die digitale Assistenz von {company}.',
  labels: {
    name: 'Name',
    email: 'E-Mail',
    phone: 'Telefonnummer',
    address: 'Adresse',
    location: 'Ort',
    problem: 'Ihr Anliegen',
    incident_description: 'Beschreibung des Vorfalls',
    incident_datetime: 'Zeitpunkt des Vorfalls',
    order_number: 'Bestellnummer',
    policy_number: 'Policennummer',
    reason: 'Grund Ihres Anrufs',
    city: 'Stadt',
    appointment: 'Termin',
  },
  hears: {
    yes: 'ja|jawohl|genau|richtig|stimmt|korrekt|gerne|klar|natürlich|passt|in ordnung|okay|ok|perfekt|jo',
    no: 'nein|nee|nö|falsch|stimmt nicht|nicht richtig|nicht ganz',
    goodbye: 'auf wiederhören|auf wiedersehen|tschüss|tschüs|tschau|bis dann|schönen tag|schönen abend',
    nothingElse: 'das war alles|das wars|das war es|das ist alles|nichts mehr|nein danke|mehr nicht|sonst nichts',
    dontKnow:
      'weiß ich nicht|weiss ich nicht|ich weiß nicht|ich weiss nicht|keine ahnung|möchte ich nicht sagen|habe ich nicht|habe keine|überspringen|erinnere mich nicht',
    wrong: 'falsch|stimmt nicht|nicht richtig|ich meinte|sondern|ändern|korrigieren|korrektur|vielmehr',
    callBack:
      'rufen sie mich|ruf mich|zurückrufen|rückruf|anrufen sie|rufen sie später|später anrufen|passt gerade nicht|keine zeit|bin gerade beschäftigt|fahre gerade|schlechter zeitpunkt',
    cancelCall:
      'nicht zurückrufen|nicht mehr zurückrufen|nicht zurückzurufen|nicht mehr zurückzurufen|nicht anzurufen|nicht mehr anzurufen|mich nicht anrufen|keinen rückruf|kein rückruf|rückruf absagen|rückruf stornieren|rückruf abbestellen|rückruf streichen|rückruf löschen|rückruf nicht mehr|rückruf ist nicht nötig|rückruf hat sich erledigt|sagen sie den rückruf ab|streichen sie den rückruf|stornieren sie den rückruf|löschen sie den rückruf|erinnerung absagen|erinnerung löschen|löschen sie die erinnerung|keine erinnerung mehr',
    remind: 'erinnern sie mich|erinnere mich daran|erinnerung',
    sms: 'sms|textnachricht|kurznachricht|schreiben sie mir eine nachricht',
    slower: 'langsamer|zu schnell|etwas langsam',
    faster: 'schneller|zu langsam',
    newCase:
      'anderer fall|neuer fall|neuen fall|anderes anliegen|weiteres anliegen|von vorne|von vorn|neuer vorgang|etwas anderes',
    question:
      'was|wann|wo|welche*|wer|warum|wieso|wie|haben sie|können sie|könnten sie|gibt es|sind sie|darf ich|kostet',
    sameNumber:
      'diese nummer|dieser nummer|die gleiche nummer|dieselbe nummer|von der ich anrufe|mit der ich anrufe|unter dieser',
    greeting: 'hallo|guten tag|guten morgen|guten abend|grüß gott|servus|moin',
    injection:
      'ignoriere*|ignorieren sie|deine anweisungen|ihre anweisungen|vorherigen anweisungen|systemprompt|system prompt|tu so als|tun sie so als|du bist jetzt',
    machine:
      'sind sie ein roboter|bist du ein roboter|sind sie ein mensch|bist du ein mensch|sind sie echt|wer sind sie|wer ist da|mit wem spreche ich|eine maschine|ein computer',
    hearMe: 'hören sie mich|können sie mich hören|sind sie noch da|sind sie da',
    repeat: 'wiederholen|noch einmal bitte|nochmal bitte|wie bitte|was haben sie gesagt|sagen sie das noch einmal',
    morning: 'morgens|am morgen|früh|vormittags|am vormittag',
    emailWord: 'e-mail|email|mailadresse|mail-adresse',
    phoneWord: 'telefonnummer|handynummer|nummer erreichen|rufnummer|auf welcher nummer',
    nameWord: 'ihr name|ihren namen|vor- und nachnamen|ihr nachname',
    dateWord: 'welcher tag|wann genau|datum und uhrzeit|welche uhrzeit',
    negation: 'nicht|kein|keine|keinen|nie',
    nameSurely: 'mein name ist|mein name lautet|ich heiße|ich heisse|der name ist',
    namePerhaps: 'ich bin|hier ist|hier spricht|das ist|es ist',
    nameEnds: 'und|aus|von|meine|mein|ich|e-mail|email|telefon|hier|bin|am|aber|mit|die|der|habe|bitte|wegen',
    lead: 'also|ähm|äh|ja|gerne|klar|okay|das ist|es ist|das wäre|er lautet|sie lautet|ich glaube|hallo|guten tag|guten morgen|natürlich|genau|sicher',
    is: 'ist|lautet|war|wäre|heißt',
    andMy: 'und meine|und mein|und ich|und die|meine|mein',
  },
};
