/** Does the customer ask to hear it again? By language: "sorry?", "I didn't catch that", "could you repeat it". */
import { perLanguage, type LanguageCode } from './languages.ts';
import { smallLetters } from './small-letters.ts';

interface Asking {
  /** Patterns of words, anywhere in what was said. */
  anywhere: readonly string[];
  /** Patterns that are all that was said, one or several of them; a question mark where the word says something else without. */
  alone: string;
  /** What stands around those. */
  around: string;
}

/** As recognisers write it: in small letters, straight apostrophes, no marks but the question mark. */
const ASKING: Readonly<Record<LanguageCode, Asking>> = {
  en: {
    anywhere: [
      'repeat(?! (?:order|orders|prescription|purchase|customer|business|visit))|repeat(?:ed|ing) (?:that|it)|(?:say|tell|read|give|spell|explain|hear|ask|run|go over|go through) (?:\\p{L}+ ){0,4}?(?:again|once more|one more time)|come again|say what',
      '(?:once|one time|one more time|once again|again) (?:more|please)|^again\\??$|one more time',
      "(?:what|who) (?:did|do|are|were) you (?:just )?(?:say|saying|said|mean|ask|asking)|what(?:'s| was| is) that(?: again)?\\??$|what (?:was|were) (?:it|the \\p{L}+|your (?:question|name)|that last \\p{L}+)(?: again)?\\??$",
      "(?:didn't|did not|don't|do not|couldn't|could not|can't|cannot|can not|haven't|have not|hardly|barely) (?:quite |really |fully |even )?(?:catch|get (?:that|it|you|the|what)|gotten|hear|heard|follow|understand|understood|make (?:that |it |you )?out)",
      "(?:i )?missed (?:that|it|what you|the last|your)|you(?:'re| are| were)(?: kind of)? (?:breaking|cutting|broke|cut) (?:up|out|off)|you (?:broke up|cut out)|speak (?:up|louder|slower|more slowly|slowly)|(?:bit|little|too) (?:louder|slower|quiet|fast)|slow down",
    ],
    alone:
      "(?:i'm |i am |so )?sorry|what|excuse me|pardon(?: me)?|beg (?:your )?pardon|i beg (?:your )?pardon|huh|eh\\?|hm+\\?|say again|come again|louder|slower|what now|you what|how(?:'s| is) that\\?",
    around: 'uh|um|oh|ah|wait|please|hello|hi|sir|madam|no|but',
  },
  de: {
    anywhere: [
      'wiederhol\\p{L}*|wie bitte|noch ?(?:ein)?mal(?! (?:an|zurück|vorbei))(?: (?:bitte|sagen|hören|erklären|langsam|von vorne?))?\\??$|noch ?(?:ein)?mal (?:bitte|sagen|hören|erklären|langsam|von vorn|vorlesen|nennen|fragen)|(?:sagen|sag|nennen|lesen|erklären|könnten sie das|können sie das|das) (?:\\p{L}+ ){0,3}?noch ?(?:ein)?mal',
      'was (?:haben|hatten|hast|meinen|meinten|sagen|sagten) (?:sie|du)(?: (?:gerade|eben|da|noch))*(?: (?:gesagt|gefragt|gemeint))?\\??$|was war (?:das|die frage|ihre frage)',
      "(?:habe?|hab's|konnte|kann|können|könnte|verstehe|versteh|höre|hör)(?: (?:ich|sie|es|das|dich|ihnen|leider|jetzt|gerade|eben|akustisch|die frage|den namen|überhaupt|sie leider|so))* (?:nicht|kaum|schlecht|nichts|akustisch nicht)(?: (?:ganz|richtig|so|gut|genau|mehr))*(?: (?:verstanden|gehört|mitbekommen|mitgekriegt|verstehen|hören|folgen|gefolgt))?\\??$",
      '(?:nicht|nichts|schlecht|kaum)(?: (?:ganz|richtig|gut|genau))? (?:verstanden|gehört|mitbekommen|mitgekriegt|hören|verstehen)|(?:verbindung|leitung) ist (?:so |sehr |ganz )?schlecht|(?:etwas|bitte|bisschen|ein wenig) (?:lauter|langsamer)|(?:lauter|langsamer) (?:bitte|sprechen)|zu (?:leise|schnell)',
    ],
    alone:
      'was|wie|bitte\\?|entschuldigung|entschuldigen sie|verzeihung|pardon|sorry|hä|hm+\\?|wie war das|was war das|wie jetzt|nochmal|noch mal|noch einmal|lauter|langsamer',
    around: 'äh|ähm|oh|ah|bitte|hallo|moment|nein|aber|denn',
  },
  fr: {
    anywhere: [
      "rép[eéè]t\\p{L}*|redi(?:re|tes|s)|(?:dire|dites|lire|l'entendre|entendre|reprendre) (?:\\p{L}+ ){0,3}?(?:encore|à nouveau|de nouveau)|encore une fois|une (?:autre|deuxième|seconde) fois|plaît-il",
      "qu'(?:est-ce que|est ce que) vous (?:avez dit|dites|disiez|m'avez dit|avez demandé)|qu'avez-vous dit|(?:vous avez dit|vous dites|vous disiez|c'était|c'est) (?:quoi|comment)|comment (?:ça|vous dites|dites-vous)\\??$",
      '(?:pas|rien|mal|plus)(?: (?:bien|tout|très bien|vraiment|trop|du tout|à|vous|tout à fait|complètement))* (?:compris|entendu|saisi|suivi|entendre|comprendre|suivre|saisir)',
      '(?:comprends|comprenais|entends|entendais|saisis) (?:\\p{L}+ )?(?:pas|mal|plus|rien|à peine)|ça (?:coupe|a coupé)|vous (?:coupez|avez coupé)|(?:parler|parlez|un peu) (?:\\p{L}+ )?(?:plus )?(?:fort|lentement|doucement)|plus (?:fort|lentement)',
    ],
    alone:
      "pardon|comment|quoi|hein|excusez-moi|excuse-moi|pardonnez-moi|désolée?|je suis désolée?|vous dites|plaît-il|hm+\\?|c'est-à-dire\\?|encore|de quoi|qui ça",
    around: "euh|ah|oh|allô|s'il vous plaît|non|mais|attendez|madame|monsieur",
  },
  es: {
    anywhere: [
      'rep(?:et|it)\\p{L}*|otra vez|una vez más|de nuevo(?: por favor)?\\??$|(?:decir|dígame|diga|leer|explicar|escuchar|oír)\\p{L}* (?:\\p{L}+ ){0,3}?de nuevo|(?:me|nos) lo (?:vuelve|puede volver) a decir|volver a (?:decir|repetir|leer|explicar)\\p{L}*|vuelva a (?:decir|repetir)\\p{L}*',
      'cómo (?:dice|dijo|ha dicho|dices|era)|qué (?:dice|dijo|ha dicho|me dijo|me dice|me ha dicho|has dicho|me preguntó|ha preguntado|decía|fue eso)|perdone? qué|no sé qué (?:dijo|ha dicho)',
      'no (?:(?:le|lo|la|te|se|les|me|he|pude|puedo|alcancé a|alcanzo a|logro|logré|he podido|le he|lo he|la he) )*(?:oí|oído|oigo|oí bien|oír|oye|escuché|escucho|escuchado|escuchar|escucha|entendí|entendido|entiendo|entender|entiende|comprendí|comprendo|comprendido|comprender|capté|capto|pillé|pillado)',
      'se (?:corta|cortó|ha cortado|entrecorta|escucha mal|oye mal|oye fatal)|más (?:alto|fuerte|despacio|lento)|hable más',
    ],
    alone:
      'perdón|perdone|perdona|disculpe|disculpa|disculpas|cómo|como\\?|qué|que\\?|mande|eh\\?|diga\\?|dígame\\?|lo siento|hm+\\?|cómo dice|cómo dijo',
    around: 'eh|ah|oh|ay|por favor|no|pero|espere|señor|señora|señorita|y',
  },
  it: {
    anywhere: [
      "ripet\\p{L}*|ridi(?:re|rmelo|ca|mi|co)|ridirlo|(?:dire|dirlo|dirmi|dirmelo|dica|leggere|sentire|spiegare|spiegarmelo)(?: \\p{L}+){0,3}? (?:di nuovo|un'altra volta|ancora|da capo)|ancora una volta|un'altra volta|di nuovo(?: per favore)?\\??$|da capo",
      "(?:che|cosa|che cosa) (?:ha|hai|aveva|mi ha) (?:detto|chiesto)|(?:che|cosa|che cosa) (?:dice|diceva|mi diceva|mi dice|voleva dire)|come (?:ha detto|dice|diceva|scusi|prego)|com'era|qual era la domanda",
      "non (?:(?:ho|la|lo|l'ho|le|riesco a|riuscivo a|sono riuscit[oa] a|si|ti|vi|mi|ci|bene) )*(?:capito|capita|sentita|capisco|capire|capirla|sentito|sento|sentire|sentirla|sentirvi|sentivo|sente|afferrato|compreso|colto|inteso)",
      "(?:sento|sente|sentivo|si sente) (?:\\p{L}+ )?(?:male|malissimo|poco|a tratti)|va e viene|è caduta la voce|(?:più|un po' più) (?:forte|piano|lentamente|alto)|(?:parlare|parli) (?:più|piano)",
    ],
    alone:
      'scusi|scusa|mi scusi|mi scusa|come|come\\?|cosa|che cosa|che\\?|eh\\?|prego\\?|pardon|perdoni|chiedo scusa|hm+\\?|come prego|come scusi|mi perdoni|in che senso',
    around: 'eh|ah|oh|ehm|per favore|no|ma|aspetti|pronto|signora|signore',
  },
  pt: {
    anywhere: [
      'rep(?:et|it)\\p{L}*|(?:outra|mais uma) vez|de novo(?: por favor)?\\??$|(?:dizer|diga|diz|ler|explicar|ouvir|fala|falar|fale)(?:-me)?(?: \\p{L}+){0,3}? (?:de novo|novamente|outra vez)|novamente(?: por favor)?\\??$|voltar a (?:dizer|repetir|ler|explicar)|volte a (?:dizer|repetir)|torna a dizer',
      '(?:o )?que (?:é que )?(?:disse|falou|você disse|você falou|o senhor disse|a senhora disse|foi que (?:disse|falou)|estava a dizer|perguntou|me disse)|como (?:disse|é que disse|é que é|falou|foi|assim)|qual (?:era|foi) a pergunta',
      'não (?:(?:o|a|lhe|te|se|me|eu|consegui|consigo|estou a|estou|tô|deu para|dá para|deu pra|dá pra|cheguei a|percebi) )*(?:ouvi|ouvi bem|ouvindo|ouvir|ouço|ouve|ouvi-lo|ouvi-la|escutei|escutar|escuto|escutando|entendi|entendo|entender|entendendo|percebi|percebo|perceber|compreendi|compreendo|compreender|apanhei|peguei|captei)',
      '(?:está|estava|tá) (?:a )?(?:cortar|cortando|falhar|falhando|picotando|chiando)|cortou(?: aqui)?|(?:mais|um pouco mais) (?:alto|devagar)|(?:fale|falar|fala) mais',
    ],
    alone:
      'desculpe|desculpa|perdão|como|como\\?|o quê|o que\\?|quê|que\\?|hã|hein|hem\\?|diga\\?|diz\\?|oi\\?|perdoe|peço desculpa|peço perdão|como assim|hm+\\?|pode repetir|com licença\\?',
    around: 'ah|oh|eh|hã|por favor|se faz favor|não|mas|espere|espera|alô|estou|senhor|senhora|aí',
  },
  nl: {
    anywhere: [
      'herhaal\\p{L}*|herhal\\p{L}*|wat zegt? (?:u|je|ge)|wat (?:zei|zeg|zegt|bedoelt|vroeg|zeidt) (?:u|je|u nou|u nu)|wat (?:was|is) (?:dat|de vraag|uw vraag)\\??$|hoe zegt u|wat heeft u gezegd',
      'nog (?:een keer|eens|een maal|eenmaal|es)(?: (?:alstublieft|alsjeblieft|zeggen|herhalen|horen|uitleggen|graag|langzaam))|nog (?:een keer|eens|eenmaal)\\??$|opnieuw (?:zeggen|uitleggen|alstublieft|graag)|(?:zeggen|vertellen) (?:\\p{L}+ )?opnieuw',
      '(?:niet|niets|niks|slecht|nauwelijks|amper)(?: (?:goed|helemaal|zo goed|echt|meer|precies|heel goed))* (?:verstaan|gehoord|horen|begrepen|verstond|meegekregen|volgen|begrijpen|mee)|(?:versta|verstond|hoor|hoorde|begrijp|begreep|snap|snapte|volg)(?: (?:ik|u|je|het|dat|de vraag|even|nu))* (?:niet|niets|niks|slecht|nauwelijks)',
      '(?:valt|viel|vallen) (?:steeds )?weg|(?:verbinding|lijn) is (?:heel |erg |zo )?slecht|(?:iets|wat|beetje) (?:harder|luider|langzamer|duidelijker)|(?:harder|langzamer) (?:praten|spreken|alstublieft)|te (?:zacht|snel)',
    ],
    alone:
      'sorry|pardon|wat|hoe bedoelt u|wablief|wablieft|watte|excuseer|excuseert u mij|neem me niet kwalijk|neemt u me niet kwalijk|hè\\?|huh|hm+\\?|hoezo\\?|wat zeg je|wat zegt u|nog een keer|nog eens|alstublieft\\?',
    around: 'uh|eh|oh|ah|alstublieft|alsjeblieft|hallo|nee|maar|wacht|even|meneer|mevrouw',
  },
  pl: {
    anywhere: [
      'powt[óo]rz\\p{L}*|powtarza\\p{L}*|jeszcze raz|raz jeszcze|ponownie|od (?:nowa|początku)|(?:powiedzieć|przeczytać|wytłumaczyć) (?:\\p{L}+ )?jeszcze',
      'co (?:pan|pani|państwo|ty)? ?(?:mówił|mówiła|powiedział|powiedziała|mówi|mówisz|powiedziałeś|powiedziałaś|pytał|pytała|mówicie)|co (?:to|takiego) (?:było|jest)|jakie (?:było|jest) pytanie|jak pan(?:i)? (?:powiedział|powiedziała|mówił|mówiła)',
      'nie (?:(?:mogę|mogłem|mogłam|bardzo|za bardzo|do końca|zdążyłem|zdążyłam|udało mi się|pana|pani|państwa|cię|dokładnie|całkiem|wszystko|wszystkiego|tego|najlepiej|dobrze) )*(?:zrozumiałem|zrozumiałam|rozumiem|zrozumieć|usłyszałem|usłyszałam|słyszę|słyszałem|słyszałam|usłyszeć|słychać|dosłyszałem|dosłyszałam|dosłyszeć|złapałem|złapałam|załapałem|załapałam|wyłapałem|wyłapałam)',
      '(?:słabo|źle|ledwo|kiepsko) (?:\\p{L}+ )?(?:słychać|słyszę)|(?:słyszę|słychać) (?:\\p{L}+ )?(?:słabo|źle|kiepsko)|przerywa|przerwało|urywa|zrywa|(?:głośniej|wolniej)',
    ],
    alone:
      'słucham\\?|co|co\\?|jak|jak\\?|proszę\\?|przepraszam|przepraszam bardzo|sorry|sory|hę|że co|że jak|co takiego|jak to|hm+\\?|pardon|wybaczy pan|wybaczy pani|słucham pana|słucham panią',
    around: 'yyy|eee|a|ach|och|proszę|halo|nie|ale|no|chwileczkę|panie|pani',
  },
  tr: {
    anywhere: [
      'tekrar(?!la(?:n|y)\\p{L}*)(?: \\p{L}+)*? (?:eder|edin|et|söyle|söyler|alabilir|edebilir|lütfen|anlat|okur|oku|der|misin|misiniz)\\p{L}*|tekrarla(?:r|yın|yabilir|)\\p{L}*|tekrar\\??$|bir (?:daha|kez daha|kere daha|defa daha)|yeniden (?:söyle|anlat|oku)\\p{L}*|baştan (?:al|söyle|anlat)\\p{L}*',
      '(?:ne|nasıl) (?:dediniz|dedin|demiştiniz|diyorsunuz|diyorsun|söylediniz|sordunuz|buyurdunuz|dedi)|ne demek istediniz|soru neydi|neydi',
      '(?:anla(?:yamadım|madım|yamıyorum|mıyorum|şılmıyor|şılmadı)|duy(?:amadım|madım|amıyorum|muyorum|ulmuyor)|işit(?:emedim|medim|emiyorum)|kaçırdım|yetişemedim|tam alamadım)',
      '(?:ses|sesiniz|sesin|hat) (?:\\p{L}+ )?(?:gelmiyor|kesiliyor|kesildi|kötü|gidiyor|az geliyor|gitti)|kesik kesik|(?:daha|biraz) (?:\\p{L}+ )?(?:yüksek|yavaş|sesli)|yavaş (?:konuş|söyle)\\p{L}*',
    ],
    alone:
      'efendim|efendim\\?|ne|pardon|ne dediniz|affedersiniz|afedersiniz|affedersin|kusura bakmayın|özür dilerim|nasıl|nasıl yani|anlamadım|buyurun\\?|buyur\\?|hı\\?|ha\\?|hm+\\?|bir daha|tekrar',
    around: 'şey|ee|lütfen|alo|yani|ama|hayır|bir dakika|bir saniye|hanımefendi|beyefendi|ah',
  },
  ru: {
    anywhere: [
      'повтор\\p{L}*|(?:ещё|еще) (?:раз|разок|разочек)|(?:снова|заново) (?:скажите|повторите|прочитайте|объясните)|(?:скажите|сказать) (?:снова|заново)|переспро\\p{L}*|скажите (?:ещё|еще)',
      '(?:что|чего|как) (?:вы|ты) (?:\\p{L}+ )?(?:сказали|говорите|сказал|сказала|спросили|спрашиваете|имеете|говорили|говоришь|имели)|что (?:это )?(?:было|за вопрос)|как(?:ой| ) (?:был )?вопрос|что что',
      'не (?:(?:совсем|очень|всё|все|до конца|могу|смог|смогла|успел|успела|вас|расслышать|хорошо|сразу|особо|вообще) )*(?:понял|поняла|понимаю|понятно|понять|расслышал|расслышала|расслышать|услышал|услышала|слышу|слышно|слышал|слышала|услышать|разобрал|разобрала|разобрать|уловил|уловила|разберу|дослышал|дослышала)|недослышал\\p{L}*|прослушал\\p{L}*',
      'плохо (?:\\p{L}+ )?(?:слышно|слышу)|(?:слышно|слышу) (?:\\p{L}+ )?плохо|(?:связь|голос) (?:\\p{L}+ )?(?:прерыва\\p{L}*|пропада\\p{L}*|плох\\p{L}*)|вы (?:прерываетесь|пропадаете|пропали)|прерывается|(?:громче|помедленнее|медленнее|погромче)',
    ],
    alone:
      'что|чего|че|чё|шо|как|простите|извините|извиняюсь|прошу прощения|пардон|а\\?|м+\\?|слушаю\\?|кто\\?|что простите|как простите|как вы сказали|что такое',
    around: 'э|эм|ой|ах|а|пожалуйста|алло|нет|но|ну|подождите|секунду|девушка|так',
  },
  uk: {
    anywhere: [
      'повтор\\p{L}*|ще (?:раз|разок|разочок)|(?:знову|заново) (?:скажіть|повторіть|прочитайте|поясніть)|(?:скажіть|сказати) (?:знову|заново|ще)|перепит\\p{L}*|еще раз|ещё раз',
      '(?:що|як|шо) (?:ви|ти) (?:\\p{L}+ )?(?:сказали|кажете|говорите|сказав|сказала|запитали|питаєте|казали|маєте на увазі)|що (?:це )?(?:було|за питання)|яке (?:було )?(?:питання|запитання)|що що',
      'не (?:(?:зовсім|дуже|все|усе|до кінця|можу|зміг|змогла|встиг|встигла|вас|добре|одразу|взагалі) )*(?:зрозумів|зрозуміла|розумію|зрозуміло|зрозуміти|розчув|розчула|розчути|почув|почула|чую|чути|чув|чула|почути|розібрав|розібрала|розібрати|вловив|вловила|дочув|дочула|поняв|поняла|понял|розслухав|розслухала)|недочу\\p{L}*|прослуха(?:в|ла)',
      "погано (?:\\p{L}+ )?(?:чути|чую)|(?:чути|чую) (?:\\p{L}+ )?погано|(?:зв'язок|голос) (?:\\p{L}+ )?(?:перерива\\p{L}*|пропада\\p{L}*|поган\\p{L}*|зника\\p{L}*)|ви (?:перериваєтесь|перериваєтеся|зникаєте|пропадаєте)|(?:гучніше|голосніше|повільніше)",
    ],
    alone:
      'що|шо|як|перепрошую|вибачте|вибачаюсь|пробачте|прошу вибачення|пардон|га|а\\?|м+\\?|прошу\\?|слухаю\\?|хто\\?|що перепрошую|як ви сказали|що таке',
    around: 'е|ем|ой|ах|а|будь ласка|алло|ні|але|ну|зачекайте|секунду|дівчино|так',
  },
};

/** With more words than that none of them is said alone. */
const MOST_WORDS_ALONE = 6;

interface Ready {
  anywhere: RegExp;
  alone: RegExp;
}

const askingIn = perLanguage((code): Ready => {
  const { anywhere, alone, around } = ASKING[code];
  const aside = `(?:(?:${around})\\??\\s)*`;
  return {
    anywhere: new RegExp(`(?<![\\p{L}\\p{N}])(?:${anywhere.join('|')})(?![\\p{L}\\p{N}])`, 'u'),
    alone: new RegExp(`^${aside}(?:(?:${alone})\\??\\s${aside})+$`, 'u'),
  };
});

/** [TT53] */
export function asksAgain(utterance: string, language: string): boolean {
  const said = smallLetters(utterance)
    .replace(/[^\p{L}\p{N}'?-]+/gu, ' ')
    .replace(/\s*\?/gu, '?')
    .replace(/\?(?=\p{L})/gu, '? ')
    .trim();
  const { anywhere, alone } = askingIn(language);
  if (anywhere.test(said)) return true;
  return said.split(' ').length <= MOST_WORDS_ALONE && alone.test(`${said} `);
}
