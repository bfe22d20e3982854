/** As the lists of words are written: in small letters, with straight apostrophes. A Turkish capital I keeps its dot as a mark of its own, which goes. */
export const smallLetters = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/i\u0307/gu, 'i')
    .replace(/[’ʼ`´]/gu, "'");
