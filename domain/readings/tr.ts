import type { ReadingBook } from '../reading-books.ts';

/** The verb comes last here and possession is an ending: what ends in "numaram" has not told it yet. "bu benim numaram" has. */
export const tr: ReadingBook = {
  neverLast: `ve, veya, ya da, yahut, ama, fakat, ancak, çünkü, ile, için, ki, bir, eğer, yani, şey, ııı, ıı, ee, eee, hani, en,
    bizim, benim adım, ayrıca, hem, ne zaman ki, dolayısıyla, mesela`,
  seldomLast: `bu, şu, o, ben, biz, siz, benim, sizin, daha, çok, kadar, gibi, sonra, önce, göre, ne, hangi, nasıl, bana, size, artı,
    işte, aslında, şöyle, sanırım, galiba, acaba, olarak, üzere, dair, ilgili, bakayım, bir bakayım, bir saniye`,
  announces: [
    '(?:numaram|numaramız|adım|ismim|soyadım|soyismim|adresim|e-?postam|mailim|kodum|telefonum|cebim|tarihim|hesabım|iban[ıi]m)(?: da| de| ise| şu| şöyle| şudur)?',
    '(?:telefon|cep|müşteri|sipariş|poliçe|sözleşme|kimlik|hesap|abone|referans|takip) numarası(?: da| ise| şu| şöyle)?',
    '(?:e-?posta|mail|e-?mail) adresi(?: da| ise| şu| şöyle)?',
    'kodluyorum|heceliyorum|harf harf (?:söylüyorum|söyleyeyim|veriyorum)|hecele(?:yeyim|rim)|kodla(?:yayım|rım)',
    '(?:numarayı|numaramı|adresimi|adresi|mailimi) (?:söylüyorum|veriyorum|vereyim|söyleyeyim|yazdırıyorum|yazın|not alın)|(?:şu|bu) numaradan',
  ],
  announcesAlone: [
    'not alın|not alır mısınız|yazın|yazar mısınız|(?:şu|söyleyeyim|söylüyorum|veriyorum)|numara|telefon|adres',
  ],
  asking: 'bu|bu benim|bu da benim',
  openers: `evet, hayır, tamam, peki, şey, ee, yani, alo, merhaba, iyi günler, iyi akşamlar, günaydın, tabii, tabii ki, tabi,
    buyurun, efendim, olur, ha, bir saniye, hemen`,
  spelledLike: 'gibi',
  asksNumber: 'numara(?!\\p{L}*(?: ev| daire))|telefonunuz|posta kodu',
  asksEmail: 'e-?posta|e-?mail|mail',
  asksSpelling: 'harf harf|hecele|kodla',
  complete: `hayır teşekkürler, hayır teşekkür ederim, evet lütfen, lütfen, hepsi bu, hepsi bu kadar, bu kadar, başka yok, başka bir şey yok,
    yok başka, doğrudur, bu doğru, evet doğru, doğru değil, yanlış, her şey tamam, henüz değil, daha değil, teşekkürler,
    teşekkür ederim, çok teşekkürler, çok teşekkür ederim, sağ olun, sağ ol, çok sağ olun, eyvallah, rica ederim, hoşça kalın,
    hoşçakalın, görüşürüz, görüşmek üzere, iyi günler dilerim, kolay gelsin, güle güle, size de, bilmiyorum, gerek yok,
    istemiyorum, öyle değil`,
  yesNo: `evet, hayır, yok, var, he, hı hı, hıhı, tamam, olur, olmaz, tabii, tabii ki, tabi, tabi ki, elbette, doğru, peki, aynen,
    aynen öyle, kesinlikle, öyle, değil, ok, okey, okay, tamamdır, uygun, uygundur, olabilir, asla, hiç, hiçbir, maalesef, maalesef yok,
    herhalde, sanırım evet, sanırım hayır, yo, yoo, haklısınız, onaylıyorum, iyi, güzel`,
  afterYesNo: `lütfen, efendim, benim, doğru, öyle, istiyorum, isterim, istemem, biliyorum, yok, var, hanımefendi, beyefendi,
    alabilirim, yapabilirsiniz, buyurun, değil, değilim, ederim, o, memnun olurum`,
  seldomDigits: 'bir',
  countsToo: 'çift, bin',
  phoneDigits: 10,
};
