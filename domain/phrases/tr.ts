import type { PhraseBook } from '../phrases.ts';

export const tr: PhraseBook = {
  greeting: [
    'Merhaba[ {customerName}], ben {botName}, {company} sanal asistanı. Size nasıl yardımcı olabilirim?',
    'İyi günler[ {customerName}], {company} otomatik asistanı {botName} ile görüşüyorsunuz. Sizin için ne yapabilirim?',
  ],
  welcome_back: [
    'Tekrar merhaba[ {customerName}], ben {botName}, {company} sanal asistanı.[ Şu ana kadar not ettiklerim: {recap}.] Kaldığımız yerden devam edelim mi?',
  ],
  promised_call: [
    'Merhaba[ {customerName}], ben {botName}, {company} sanal asistanı. Söz verdiğim gibi arıyorum.[ {late}][ {recap}] Uygun musunuz?',
  ],
  sorry_so_late: ['Söz verdiğimden geç aradığım için özür dilerim.'],
  ringing_back: [
    'Merhaba[ {customerName}], ben yine {botName}, {company} sanal asistanı. Bağlantımız kesildi. Kaldığımız yerden devam edelim mi?',
  ],
  sorry_as_I_was_saying: [
    'Kesinti için özür dilerim.[ Diyordum ki: {recap}]',
    'Affedersiniz, bağlantı kesildi.[ Diyordum ki: {recap}]',
  ],
  goodbye: [
    '{company} şirketini aradığınız için teşekkür ederiz. Hoşça kalın!',
    'Teşekkürler[ {customerName}], iyi günler. Hoşça kalın!',
  ],
  error: ['Affedersiniz, bende bir sorun oldu. Tekrar eder misiniz?', 'Maalesef olmadı. Bir daha söyler misiniz?'],
  waiting: ['Bir dakika, bakıyorum.', 'Hâlâ buradayım, bir saniye.', 'Beklediğiniz için teşekkürler, neredeyse bitti.'],
  still_there: ['Orada mısınız?', 'Alo, beni duyuyor musunuz?'],
  didnt_hear: ['Affedersiniz, anlayamadım. Tekrar eder misiniz?', 'Sizi iyi duyamıyorum. Bir daha söyler misiniz?'],
  connecting_operator: ['Sizi bir arkadaşıma bağlıyorum. Bir dakika lütfen.', 'Tabii, sizi temsilciye aktarıyorum.'],
  operator_failed: [
    'Üzgünüm, şu anda kimse müsait değil. Sizi geri arayacağız.[ {when}] Not etmemi istediğiniz başka bir şey var mı?',
  ],
  after_operator: ['Yine {botName} ile görüşüyorsunuz. Başka bir konuda yardımcı olabilir miyim?'],
  technical_trouble: ['Şu anda teknik bir sorun yaşıyorum. Lütfen biraz bekleyin.'],
  no_voice: ['Üzgünüm, teknik bir sorun devam etmemi engelliyor. Sizi kısa süre içinde geri arayacağız. Hoşça kalın!'],
  no_ears: ['Üzgünüm, teknik bir sorun nedeniyle sizi duyamıyorum. Bir tuşuna basın, sizi geri arayalım.'],
  missed_call_apology: ['Merhaba, çağrınıza cevap veremediğimiz için üzgünüz. Sizi en kısa sürede arayacağız.'],
  we_missed_you: ['Bizi aradınız ve cevap veremedik: kusur bizdeydi, özür dileriz.'],
  to_voicemail: [
    'Merhaba, ben {botName}, {company} sanal asistanı. Sizinle görüşmek istedim, telesekreteriniz yanıt verdi.[ {again}] Bizi bu numaradan da arayabilirsiniz. Hoşça kalın!',
  ],
  tries_again: ['Daha sonra tekrar arayacağım.'],
  one_moment: ['Bir dakika lütfen.', 'Bir saniye.'],
  going_in_circles: [
    'Korkarım aynı yerde dönüp duruyoruz. Başka bir şekilde söyler misiniz?',
    'Başka türlü deneyelim. Lütfen neye ihtiyacınız olduğunu başka kelimelerle söyleyin.',
  ],
  written_by: ['Ben {botName}, {company} sanal asistanı.'],
  colleague_calls: ['Bir meslektaşım bu konuda sizi arayacak. Not etmemi istediğiniz başka bir şey var mı?'],
  text_failed: ['Bu arada, size gönderdiğim kısa mesaj ulaşmadı.[ Şöyle yazıyordu: {text}]'],
  text_arrived: ['Kısa mesajım sonunda size ulaşmış.'],
};
