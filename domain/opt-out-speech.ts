/** "Don't call me again", "take me off your list": said on the phone or written in a sentence, found without asking a model. */
import { perLanguage, type LanguageCode } from './languages.ts';

/** Ends the clause, so that "don't call me a liar" is none. */
const END = '(?=\\s*(?:$|[.,!?;:]|please|now|and |ever|any ?more|again))';

/** Regular expressions, in lower case; `_` is a space or several. */
const WISHES: Readonly<Record<LanguageCode, readonly string[]>> = {
  en: [
    "(?:never|don['’]?t|do not)_(?:you_)?(?:ever_)?(?:call|ring|phone|contact|text|bother)(?:_(?:me|us|here|this_number))?_(?:again|any_?more|ever)",
    `(?<!you_)(?:never|don['’]?t|do not)_(?:ever_)?(?:call|ring|phone)_(?:me|us|here|this_number)${END}`,
    `stop_(?:calling|ringing|phoning|contacting|texting|harassing)(?:_(?:me|us|here|this_number))?${END}`,
    '(?:take|remove|delete|strike|get)_(?:me|us|my_(?:phone_)?number|this_number)_(?:off|from|out_of)_(?:of_)?(?:your|the|that|this|any|all)(?:_[\\p{L}-]+){0,3}_(?:lists?|database|system|records)',
    '(?:do[ -]not[ -]call|no[ -]call)[ -]list',
    '(?:unsubscribe_me|opt_me_out|i_(?:want|would_like|wish)_to_opt_out)',
    `no_more_(?:phone_)?calls${END}`,
    'lose_(?:my|this)_number',
    "(?:don['’]?t|do not)_want_(?:any_more|any|more|these|your|to_(?:get|receive)_(?:any_more|any|more|these|your))_(?:phone_)?calls",
    "(?:don['’]?t|do not)_want_(?:to_be_called|you_to_call_(?:me|us)|(?:any_)?calls)_(?:again|any_?more)",
  ],
  de: [
    '(?:rufen_sie|ruft|ruf)(?:_\\p{L}+){0,3}_(?:nie|niemals|nicht)_(?:wieder|mehr)',
    '(?:nie|niemals|nicht)_(?:wieder|mehr)_(?:von_ihnen_)?(?:anrufen|angerufen)',
    `keine_(?:weiteren_)?(?:werbe)?anrufe(?:_mehr)?`,
    '(?:nehmen|streichen|löschen|entfernen)_sie(?:_bitte)?_(?:mich|uns|meine_(?:telefon)?nummer|diese_nummer)(?:_bitte)?_(?:von|aus)_(?:ihrer|ihren|der|eurer|dieser|allen)(?:_\\p{L}+){0,1}_\\p{L}*(?:listen?|datenbank|kartei|system)',
    'hören_sie_auf,?_(?:mich_|uns_|hier_)?anzurufen',
  ],
  fr: [
    "(?:ne_)?(?:m['’]|nous_)appele[rz](?:_\\p{L}+)?_(?:plus|jamais)",
    "ne_m['’]appelez_(?:plus|jamais)|ne_me_(?:rappelez|téléphonez|contactez|dérangez)_(?:plus|jamais)",
    "ne_plus_(?:jamais_)?(?:m['’]appeler|me_(?:rappeler|téléphoner|contacter)|être_(?:appelée?|contactée?|démarchée?))",
    "(?:arrêtez|cessez)_de_(?:m['’]appeler|me_(?:rappeler|téléphoner|contacter|harceler))",
    '(?:retirez|enlevez|supprimez|rayez|effacez)(?:[- ]moi|_mon_numéro)_de_(?:votre|vos|la|cette|toutes_vos)(?:_\\p{L}+)?_?(?:listes?|fichiers?|base)',
    "plus_d['’]appels",
    "je_ne_veux_plus_(?:être_(?:appelée?|contactée?)|recevoir_(?:d['’]|vos_)appels|que_vous_m['’]appeliez)",
    'désinscrivez[- ]moi',
  ],
  es: [
    'no_me_(?:llamen?|llames|contacten?|vuelv(?:a|an|as)_a_llamar)_(?:más|nunca|jamás|otra_vez|de_nuevo|nunca_más)',
    'no_(?:me_)?vuelv(?:a|an|as)_a_llamar(?:me)?',
    '(?:nunca|jamás)(?:_más)?_me_(?:llamen?|llames|vuelv(?:a|an|as)_a_llamar)',
    '(?:dejen?|deja)_de_llamar(?:me|nos)?',
    '(?:qu[ií]t|b[oó]rr|s[aá]qu|elim[ií]n|rem[uú]ev)\\p{L}*(?:_mi_(?:número|teléfono))?_(?:de_(?:su|sus|la|esa|esta|todas_sus)_|de_)(?:lista|listas|base)',
    '(?:den?me|quiero_darme|d[eé]nme)_de_baja',
    'no_quiero_(?:recibir_)?(?:más_)?llamadas',
  ],
  it: [
    'non_(?:mi_|ci_)?(?:chiam|richiam|telefon|contatt)\\p{L}+_(?:mai_)?più',
    '(?:mai_più)_(?:chiamar|telefonar)\\p{L}*',
    'non_voglio_(?:più_)?(?:essere_(?:più_)?(?:chiamat|contattat)[oa]|ricevere_(?:più_|altre_)?(?:chiamate|telefonate))',
    '(?:smetta|smettete|smettetela|smettila|la_smetta)_di_(?:chiamar|telefonar)\\p{L}+',
    '(?:mi_(?:tolga|cancelli|rimuova|elimini)|(?:toglie|cancella|rimuove|elimina)temi|(?:tolga|togliete|cancelli|cancellate)_il_mio_numero)_(?:da|dal|dalla|dalle|dai)(?:_\\p{L}+)?_(?:list\\p{L}*|elenc\\p{L}*|database)',
    'basta_(?:chiamate|telefonate)',
  ],
  pt: [
    'não_(?:me_|nos_)?(?:liguem?|ligues|telefonem?|contactem?|voltem?_a_ligar)(?:-me|_para_mim|_para_cá)?_(?:mais|nunca_mais|outra_vez|de_novo|novamente)',
    '(?:nunca|jamais)(?:_mais)?_(?:me_)?(?:liguem?|ligues|telefonem?)',
    '(?:parem?|pára|pare_já)_de_(?:me_)?ligar(?:-me|_para_mim)?',
    '(?:tirem?|retirem?|removam?|apaguem?)(?:-me|_me|_(?:o_)?meu_(?:número|telefone))_(?:da|das|de)(?:_\\p{L}+)?_?(?:listas?|base)',
    'não_quero_(?:receber_)?mais_(?:as_)?(?:vossas_|suas_)?(?:chamadas|ligações)',
  ],
  nl: [
    '(?:bel|belt|bellen)(?:_u)?_(?:me|mij|ons|dit_nummer)_(?:alsjeblieft_|alstublieft_)?(?:nooit|niet)_(?:meer|weer|nog_eens)',
    '(?:nooit|niet)_meer_(?:gebeld|bellen)',
    '(?:stop|hou_op|houd_op)_met_(?:(?:me|mij|ons)_)?(?:te_)?bellen',
    '(?:haal|verwijder|schrap)(?:_u)?_(?:me|mij|mijn_nummer)_(?:van|uit)_(?:uw|jullie|de|je)_\\p{L}*(?:lijst|lijsten|bestand|systeem)',
    'geen_(?:telefoontjes|oproepen)_meer',
  ],
  pl: [
    'nie_dzwoń(?:cie)?(?:_do_(?:mnie|nas))?_(?:więcej|już|nigdy)',
    '(?:nigdy_więcej|więcej|już)(?:_proszę)?(?:_do_(?:mnie|nas))?_nie_dzwoni?(?:ć|ńcie|ń|ł|li|ła)?',
    'nie_dzwonić(?:_do_(?:mnie|nas))?_(?:więcej|już)|(?:więcej|już)_nie_dzwonić',
    'przesta(?:ń|ńcie|ć)(?:_do_(?:mnie|nas))?_dzwonić',
    '(?:usuń|usuńcie|usunąć|wykreśl|wykreślcie|wykreślić|wypisz|wypiszcie|wypisać)(?:_proszę)?(?:_mnie|_mój_numer)?_z_(?:\\p{L}+_)?(?:listy|list|bazy)',
  ],
  tr: [
    '(?:bir_daha|artık)(?:_(?:beni|bizi|burayı|asla|sakın|bu_numarayı))*_arama(?:yın|yınız|yin)?(?!\\p{L})',
    '(?:beni|bizi)(?:_(?:bir_daha|artık|asla|sakın))+_arama(?:yın|yınız|yin)?(?!\\p{L})',
    'aramayı_(?:bırakın|bırak|kesin|kes)',
    '(?:beni|numaramı|adımı)_(?:\\p{L}+_)?liste\\p{L}*_(?:çıkar|sil)\\p{L}*',
    'aranmak_istemiyorum',
  ],
  ru: [
    '(?:больше|никогда)(?:_(?:больше|мне|нам|сюда|пожалуйста|на_этот_номер))*_не_(?:звони(?:те|ть)?|беспокой(?:те)?|беспокоить|тревожьте)',
    'не_(?:звони(?:те|ть)?|беспокой(?:те)?|беспокоить)(?:_(?:мне|нам|сюда|пожалуйста|на_этот_номер))*_(?:больше|никогда)',
    'не_(?:надо|нужно)(?:_(?:мне|нам|сюда))*_больше(?:_(?:мне|нам|сюда))*_звонить',
    '(?:перестаньте|прекратите|хватит)(?:_(?:мне|нам|сюда))?_(?:звонить|названивать)',
    '(?:удалите|уберите|вычеркните|исключите)(?:_(?:меня|мой_номер|этот_номер|пожалуйста))+_из_(?:\\p{L}+_)?(?:списк|баз)\\p{L}+',
    'не_хочу,?_(?:чтобы_(?:вы_)?(?:мне_)?(?:больше_)?звонили|больше_(?:получать_)?(?:ваших_|ваши_)?звонк\\p{L}+)',
    'отпишите_меня',
  ],
  uk: [
    '(?:більше|ніколи)(?:_(?:більше|мені|нам|сюди|будь_ласка))*_не_(?:дзвоніть|дзвони|дзвонити|телефонуйте|турбуйте)',
    'не_(?:дзвоніть|дзвони|дзвонити|телефонуйте|турбуйте)(?:_(?:мені|нам|сюди|будь_ласка))*_(?:більше|ніколи)',
    '(?:припиніть|перестаньте|досить)(?:_(?:мені|нам|сюди))?_(?:дзвонити|телефонувати)',
    '(?:видаліть|приберіть|викресліть|виключіть)(?:_(?:мене|мій_номер|цей_номер|будь_ласка))+_(?:зі|з|із)_(?:\\p{L}+_)?(?:списк|баз)\\p{L}+',
    'не_хочу,?_щоб_(?:ви_)?(?:мені_)?(?:більше_)?(?:дзвонили|телефонували)',
  ],
};

/** In the same clause: a wish for some hours or days is none for ever, and what was meant the model finds out. */
const FOR_A_WHILE =
  /(?<!\p{L})(?:before|until|till|after|between|today|tonight|tomorrow|this (?:morning|week|evening|afternoon|month)|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:on|at) (?:the )?weekends?|at (?:night|work|noon|home|\d|this (?:hour|time))|so (?:early|late)|while|during|in the (?:morning|evening|afternoon|night)|heute|morgen|bis|vor \p{L}*|während|abends|nachts|mittags|so (?:früh|spät)|um diese|avant|aujourd['’]hui|demain|après|ce soir|le (?:matin|soir|week-end)|si (?:tôt|tard)|hoy|mañana|antes|después|hasta|tan (?:temprano|tarde)|por la (?:noche|tarde)|oggi|domani|prima|stasera|così (?:presto|tardi)|hoje|amanhã|depois|até|tão (?:cedo|tarde)|vandaag|voor|tot|zo (?:vroeg|laat)|['’]s avonds|dzisiaj|dziś|jutro|przed|tak (?:wcześnie|późno)|wieczorem|bugün|yarın|önce|sonra|bu saatte|сегодня|завтра|до|после|раньше|утром|вечером|ночью|так (?:рано|поздно)|в (?:это|такое|рабочее) время|сьогодні|завтра|після|раніше|вранці|ввечері|вночі|так (?:рано|пізно))(?!\p{L})/iu;

/** Somebody else's words, or the contrary. */
const NOT_MEANT =
  /(?:(?:didn['’]?t|did not|don['’]?t|do not|never) (?:say|mean|said|want to say)|i['’]?m not saying|nicht gesagt|je n['’]ai pas dit|no (?:he )?dicho|non ho detto|не говорил\p{L}*|не казав|не казала)[^.!?]*$/iu;

/** In the call's language and in English. */
const patternsIn = perLanguage((code) =>
  (code === 'en' ? WISHES.en : [...WISHES[code], ...WISHES.en]).map(
    (wish) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${wish.replaceAll('_', '\\s+')})(?![\\p{L}\\p{N}])`, 'iu'),
  ),
);

/** [OO7] The words with which no call is wanted any more; null = there are none. */
export function optOutWish(utterance: string, language: string): string | null {
  const spoken = utterance.toLowerCase().replace(/ё/g, 'е').replaceAll('i̇', 'i');
  for (const pattern of patternsIn(language)) {
    const match = pattern.exec(spoken);
    if (match === null) continue;
    const before = /[^.,!?;]*$/u.exec(spoken.slice(0, match.index))?.[0] ?? '';
    const after = /^[^.,!?;]*/u.exec(spoken.slice(match.index + match[0].length))?.[0] ?? '';
    if (FOR_A_WHILE.test(before) || FOR_A_WHILE.test(after) || NOT_MEANT.test(before)) continue;
    return match[0];
  }
  return null;
}
