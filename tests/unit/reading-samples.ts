/** What customers say on the telephone, by language, as recognisers write it. Lists are separated by `|`. */
import type { LanguageCode } from '../../domain/languages.ts';

interface Samples {
  /** Nothing is to be added. */
  complete: string;
  /** Whole answers to a question. */
  answers: string;
  /** Whole sentences that end like an unfinished one, or like one of another language's. */
  whole: string;
  /** No full stop makes them whole. */
  unfinished: string;
  /** A full stop makes them whole. */
  openEnded: string;
  announcing: string;
  /** Like an announcement, and none. */
  asking: string;
  /** A number, a name or an address of which there must be more. */
  dictating: string;
  /** Two digits or more in words. */
  numerals: string;
  spokenAddress: { half: string; whole: string };
  /** The bot's questions. */
  asks: { yesNo: string; number: string; email: string; spelling: string; people: string };
}

export const SAMPLES: Record<LanguageCode, Samples> = {
  en: {
    complete: `No, thank you. | Yes, that's right. | No, that's all. | Thanks, bye. | Yes, please. | Yes, it is.`,
    answers: `Yes. | Yeah, sure. | No. | Nope. | Okay. | Yes, of course.`,
    whole: `I don't know what my name is called there. | Please change my number. | Give me the blue one.`,
    unfinished: `I want a table and | I called because | Could you send it to my`,
    openEnded: `That is what I came for | I think so | I'd like to | A table with`,
    announcing: `My number is | My name's | Yes, my phone number | My customer reference number is |
      I'll spell it for you | You can reach me at | My date of birth is`,
    asking: `I forgot what my name is | I wonder what my customer number is |
      My address has changed | Can you change my number`,
    dictating: `My number is five five | Plus 44 7700 | P E T R | P as in Peter`,
    numerals: `twelve thirty | twenty-two forty | double seven`,
    spokenAddress: { half: 'anna dot petrova at', whole: 'anna at example dot com' },
    asks: {
      yesNo: 'Is that right?',
      number: 'What is your phone number?',
      email: 'What is your e-mail address?',
      spelling: 'Could you spell it, please?',
      people: 'How many people?',
    },
  },
  de: {
    complete: `Nein, danke. | Ja, das stimmt. | Das ist alles. | Vielen Dank, auf Wiederhören. | Ja, gerne. |
      Ja, bitte. | Das wär’s.`,
    answers: `Ja. | Ja, genau. | Nein. | Nee. | Richtig. | Ja, natürlich. | Passt.`,
    whole: `Ich rufe Sie morgen an. | Ändern Sie bitte meine Adresse.`,
    unfinished: `Ich möchte einen Tisch und | Ich rufe an, weil | Es geht um | Ich hätte gern |
      Das ist für | Um halb`,
    openEnded: `Ich fahre mit | Ich möchte | Das bin ich | Ich habe eine | Der Termin ist`,
    announcing: `Meine Nummer ist | Ja, meine Telefonnummer lautet | Ich heiße | Mein Name ist |
      Meine E-Mail-Adresse ist | Sie können mich erreichen unter | Ich buchstabiere |
      Guten Tag, meine Kundennummer`,
    asking: `Ich weiß nicht mehr, wie meine Nummer lautet | Wissen Sie, wie ich heiße |
      Das ist mein Name | Meine Nummer hat sich geändert`,
    dictating: `Meine Nummer ist null eins | Plus 49 171 | M Ü L | M wie Martha`,
    numerals: `zwölf dreißig | zweiundvierzig achtzehn | null einundsiebzig`,
    spokenAddress: { half: 'anna punkt petrova ät', whole: 'anna ät beispiel punkt de' },
    asks: {
      yesNo: 'Stimmt das?',
      number: 'Wie lautet Ihre Telefonnummer?',
      email: 'Wie lautet Ihre E-Mail-Adresse?',
      spelling: 'Können Sie das buchstabieren?',
      people: 'Wie viele Personen?',
    },
  },
  fr: {
    complete: `Non merci. | Oui, c’est ça. | C’est tout. | Merci beaucoup, au revoir. | Oui, s’il vous plaît. |
      Non, c’est bon.`,
    answers: `Oui. | Ouais. | Non. | Oui, tout à fait. | D’accord. | Bien sûr.`,
    whole: `Je ne sais plus. | Je n’en veux pas. | Est-ce qu’il est là ?`,
    unfinished: `Je voudrais une table et | J’appelle parce que | C’est pour le | J’ai besoin de`,
    openEnded: `Le rendez-vous est | Je voudrais | J’en voudrais une | Je viens avec`,
    announcing: `Mon numéro est | Mon numéro de téléphone est le | Mon numéro de téléphone c’est | Je m’appelle |
      Oui, mon adresse mail | Ça s’écrit | Je vous l’épelle | Vous pouvez me rappeler au |
      Mon adresse e-mail est`,
    asking: `Je ne sais pas quel numéro c’est | Vous savez comment je m’appelle |
      Mon adresse a changé | C’est mon nom`,
    dictating: `Mon numéro est le zéro six | Mon numéro est plus 33 6 12 | D U P | D comme Daniel`,
    numerals: `douze trente | zéro six douze | vingt et un quarante-deux`,
    spokenAddress: { half: 'anna point petrova arobase', whole: 'anna arobase exemple point fr' },
    asks: {
      yesNo: 'C’est bien ça ?',
      number: 'Quel est votre numéro de téléphone ?',
      email: 'Quelle est votre adresse e-mail ?',
      spelling: 'Pouvez-vous l’épeler ?',
      people: 'Combien de personnes ?',
    },
  },
  es: {
    complete: `No, gracias. | Sí, así es. | Eso es todo. | Nada más, muchas gracias. | Sí, por favor. | Adiós.`,
    answers: `Sí. | No. | Claro que sí. | Correcto. | Vale. | Sí, exacto.`,
    whole: `Ya no hay nada más. | Quiero cambiar mi número. | Solo quiero uno.`,
    unfinished: `Quiero una mesa y | Llamo porque | Es para el | Quiero una mesa para | No lo sé porque`,
    openEnded: `La cita es | Me gustaría | Yo soy | Quiero una`,
    announcing: `Mi número es | Mi número de teléfono es | Me llamo | Mi correo electrónico es |
      Sí, mi número de cliente | Se escribe | Puede llamarme al | Mi teléfono es el`,
    asking: `No sé qué número es | Sabe cómo me llamo |
      Mi número ha cambiado | Es mi nombre`,
    dictating: `Mi número es seis uno | Mi número es más treinta y cuatro | P E R | P de Pedro`,
    numerals: `doce treinta | seiscientos doce | treinta y cuatro veintidós`,
    spokenAddress: { half: 'ana punto pérez arroba', whole: 'ana arroba ejemplo punto es' },
    asks: {
      yesNo: '¿Es correcto?',
      number: '¿Cuál es su número de teléfono?',
      email: '¿Cuál es su correo electrónico?',
      spelling: '¿Puede deletrearlo?',
      people: '¿Cuántas personas?',
    },
  },
  it: {
    complete: `No, grazie. | Sì, va bene così. | È tutto. | Grazie mille, arrivederci. | Sì, grazie. | Nient’altro. |
      Sì, sono io.`,
    answers: `Sì. | No. | Certo. | Sì, esatto. | D’accordo.`,
    whole: `Non ne voglio più. | Vorrei cambiare il mio numero. | Ho detto di no.`,
    unfinished: `Vorrei un tavolo e | Chiamo perché il | È per la | Ho bisogno di |
      Vorrei parlare con`,
    openEnded: `L’appuntamento è | Vengo con lo | Quello è mio | Vorrei | Non so perché`,
    announcing: `Il mio numero è | Il mio numero di telefono è | Mi chiamo | La mia mail è | Sì, il mio codice cliente |
      Si scrive | Può richiamarmi al | Il mio indirizzo e-mail è`,
    asking: `Non so che numero è | Lei sa come mi chiamo |
      Il mio numero è cambiato | È il mio nome`,
    dictating: `Il mio numero è tre tre | Il mio numero è più trentanove | R O S | R come Roma`,
    numerals: `dodici trenta | trentatré ventuno | tre quarantotto`,
    spokenAddress: { half: 'anna punto rossi chiocciola', whole: 'anna chiocciola esempio punto it' },
    asks: {
      yesNo: 'È corretto?',
      number: 'Qual è il suo numero di telefono?',
      email: 'Qual è il suo indirizzo e-mail?',
      spelling: 'Può fare lo spelling?',
      people: 'Per quante persone?',
    },
  },
  pt: {
    complete: `Não, obrigado. | Sim, é isso mesmo. | É tudo. | Muito obrigada, adeus. | Sim, por favor. | Mais nada. |
      Não, só isso. | Sim, sou eu.`,
    answers: `Sim. | Não. | É. | Pois é. | Claro. | Tá bom. | Sim, exato.`,
    whole: `Não quero mais. | Quero mudar o meu número. | Chego às três e meia.`,
    unfinished: `Quero uma mesa e | Estou a ligar porque | Eu gostaria de | A reserva está no | É para a |
      A reserva é para o`,
    openEnded: `A consulta é | Queria | Eu quero | Disse que`,
    announcing: `O meu número é | Meu número é | O meu número de telefone é o | Chamo-me | Me chamo | Meu nome é |
      Sim, o meu e-mail | O meu endereço de e-mail é | Pode ligar-me para o`,
    asking: `Não sei qual número é | Sabe como me chamo |
      O meu número mudou | É o meu nome`,
    dictating: `O meu número é nove um | O meu número é mais trezentos | S I L | S de Sara`,
    numerals: `doze trinta | vinte e um quarenta | nove dezasseis`,
    spokenAddress: { half: 'ana ponto silva arroba', whole: 'ana arroba exemplo ponto pt' },
    asks: {
      yesNo: 'Está correto?',
      number: 'Qual é o seu número de telefone?',
      email: 'Qual é o seu e-mail?',
      spelling: 'Pode soletrar?',
      people: 'Quantas pessoas?',
    },
  },
  nl: {
    complete: `Nee, dank u. | Ja, dat klopt. | Dat is alles. | Dank u wel, tot ziens. | Ja, graag. |
      Nee hoor, dat was het.`,
    answers: `Ja. | Nee. | Klopt. | Ja, precies. | Zeker. | Inderdaad.`,
    whole: `Ik bel morgen terug. | Hij komt ook niet mee. | Ik wil mijn nummer wijzigen.`,
    unfinished: `Ik wil een tafel en | Ik bel omdat | Het gaat om | Het is voor de | Kunt u mijn`,
    openEnded: `Ik hang op | Wij gaan met | De afspraak is | Ik wil graag | Ik weet het | Hoeveel zijn er`,
    announcing: `Mijn nummer is | Mijn telefoonnummer is | Ik heet | Mijn naam is | Mijn e-mailadres is |
      Ja, mijn klantnummer | Ik ben te bereiken op | Dat spel je als`,
    asking: `Ik weet niet wat mijn nummer is | Ik wil weten hoe ik heet |
      Mijn adres is veranderd | Dat is mijn naam`,
    dictating: `Mijn nummer is nul zes | Plus 31 6 | J A N | J van Johan`,
    numerals: `twaalf dertig | tweeëntwintig veertien | nul zesendertig`,
    spokenAddress: { half: 'anna punt jansen apenstaartje', whole: 'anna apenstaartje voorbeeld punt nl' },
    asks: {
      yesNo: 'Klopt dat?',
      number: 'Wat is uw telefoonnummer?',
      email: 'Wat is uw e-mailadres?',
      spelling: 'Kunt u dat spellen?',
      people: 'Met hoeveel personen?',
    },
  },
  pl: {
    complete: `Nie, dziękuję. | Tak, zgadza się wszystko dobrze. | To wszystko. | Dziękuję bardzo, do widzenia. |
      Tak, poproszę. | Tak, to ja. | Nic więcej.`,
    answers: `Tak. | Nie. | No tak. | Oczywiście. | Tak, dokładnie.`,
    whole: `Chcę zmienić mój numer. | Proszę oddzwonić jutro. | Zgubiłem telefon.`,
    unfinished: `Chciałbym stolik i | Dzwonię, bo | Jest ze mną problem z | Chodzi o | To jest do`,
    openEnded: `Spotkanie jest | Chciałabym | Potrzebuję | Nie mogę się`,
    announcing: `Mój numer to | Mój numer telefonu to | Nazywam się | Mój adres e-mail to | Tak, mój numer |
      Mam na imię | Już podaję | Numer telefonu | Dzień dobry, mój numer klienta`,
    asking: `Nie wiem, jaki numer to jest | Nie wiem, jak nazywam się |
      Mój numer się zmienił | To mój adres`,
    dictating: `Mój numer to sześć zero | Plus 48 601 | K O W | K jak Karol`,
    numerals: `dwanaście trzydzieści | sześćset jeden | dwadzieścia dwa czterdzieści`,
    spokenAddress: { half: 'anna kropka nowak małpa', whole: 'anna małpa przykład kropka pl' },
    asks: {
      yesNo: 'Czy to się zgadza?',
      number: 'Jaki jest Pani numer telefonu?',
      email: 'Jaki jest Pani adres e-mail?',
      spelling: 'Czy może Pani przeliterować?',
      people: 'Dla ilu osób?',
    },
  },
  tr: {
    complete: `Hayır, teşekkürler. | Evet, doğru. | Hepsi bu kadar. | Çok teşekkür ederim, iyi günler dilerim. |
      Evet, lütfen. | Başka bir şey yok. | Evet, benim.`,
    answers: `Evet. | Hayır. | Tamam. | Tabii ki. | Evet, aynen. | Yok. | İyi.`,
    whole: `Bu benim numaram. | Yarın için randevu istiyorum. | Numaramı değiştirmek istiyorum. | Siparişi iptal et.`,
    unfinished: `Bir masa istiyorum ve | Aradım çünkü | Aramıştım ama | Bir masa ya da | Bana en`,
    openEnded: `İki kişi sonra | Ben de o | Randevu ne | Yarın için | Ben bir | İki kişi ile`,
    announcing: `Numaram | Benim telefon numaram | Adım | İsmim | Evet, e-posta adresim | Telefon numaram şu |
      Müşteri numaram da | Harf harf söylüyorum`,
    asking: `Bu benim numaram | Bu da benim adresim |
      Numaram değişti`,
    dictating: `Numaram beş üç | Artı 90 532 | Y I L | Y gibi Yozgat`,
    numerals: `on iki otuz | beş yüz otuz iki | yirmi iki kırk`,
    spokenAddress: { half: 'ayşe nokta yılmaz et', whole: 'ayşe et örnek nokta com' },
    asks: {
      yesNo: 'Doğru mu?',
      number: 'Telefon numaranız nedir?',
      email: 'E-posta adresiniz nedir?',
      spelling: 'Harf harf söyler misiniz?',
      people: 'Kaç kişi?',
    },
  },
  ru: {
    complete: `Нет, спасибо. | Да, всё верно. | Это всё. | Большое спасибо, до свидания. | Да, пожалуйста. |
      Больше ничего. | Да, это я.`,
    answers: `Да. | Нет. | Ага. | Да, конечно. | Верно. | Хорошо.`,
    whole: `Вы знаете, как меня зовут? | Измените мой номер. | У меня сломался телефон. | Я буду один.`,
    unfinished: `Я хочу столик и | Я звоню, потому что | Это для | Поговорить с`,
    openEnded: `Не знаю за что | Это был мой | Мне нужно | Я хотел бы | У меня`,
    announcing: `Мой номер | Мой номер телефона | Меня зовут | Моя почта | Да, мой контактный номер | Номер телефона |
      Здравствуйте, моя фамилия | Запишите номер | Мой номер телефона такой | Диктую`,
    asking: `Вы знаете, как меня зовут | Не помню, какой номер такой |
      Мой номер изменился | Это мой адрес`,
    dictating: `Мой номер восемь девять | Плюс семь девятьсот | П Е Т | П как Пётр`,
    numerals: `двенадцать тридцать | девятьсот двадцать шесть | ноль сорок пять`,
    spokenAddress: { half: 'анна точка петрова собака', whole: 'анна собака пример точка ру' },
    asks: {
      yesNo: 'Всё верно?',
      number: 'Какой у вас номер телефона?',
      email: 'Какая у вас электронная почта?',
      spelling: 'Скажите по буквам, пожалуйста.',
      people: 'Сколько человек?',
    },
  },
  uk: {
    complete: `Ні, дякую. | Так, усе вірно. | Це все. | Щиро дякую, до побачення. | Так, будь ласка. | Більше нічого. |
      Так, це я.`,
    answers: `Так. | Ні. | Ага. | Так, звичайно. | Вірно. | Добре. | Обов’язково.`,
    whole: `Ви знаєте, як мене звати? | Змініть мій номер. | У мене зламався телефон. | Я буду один.`,
    unfinished: `Я хочу столик і | Я дзвоню, тому що | Це для | Ну е | Поговорити з`,
    openEnded: `Не знаю за що | Це був мій | Мені потрібно | Я хотіла б | У мене`,
    announcing: `Мій номер | Мій номер телефону | Мене звати | Моя електронна пошта | Так, мій контактний номер |
      Номер телефону | Добрий день, моє прізвище | Моє ім’я | Запишіть номер | Диктую`,
    asking: `Ви знаєте, як мене звати | Не пам’ятаю, який номер такий |
      Мій номер змінився | Це моя адреса`,
    dictating: `Мій номер нуль дев’ять | Плюс триста вісімдесят | Ш Е В | Ш як Шевченко`,
    numerals: `дванадцять тридцять | п’ятсот двадцять шість | нуль шістдесят сім`,
    spokenAddress: { half: 'анна крапка шевченко равлик', whole: 'анна равлик приклад крапка укр' },
    asks: {
      yesNo: 'Усе вірно?',
      number: 'Який у вас номер телефону?',
      email: 'Яка у вас електронна пошта?',
      spelling: 'Скажіть по літерах, будь ласка.',
      people: 'Скільки осіб?',
    },
  },
};
