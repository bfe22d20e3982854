import type { ReadingBook } from '../reading-books.ts';

/** Of Portugal and of Brazil. "no" is an article here; "é" answers a question; "não quero mais" is whole. */
export const pt: ReadingBook = {
  neverLast: `e, ou, mas, porque, o, a, os, as, um, do, da, dos, das, no, na, nos, nas, num, numa, de, em, para, pra, pro, com, por,
    pelo, pela, ao, à, aos, às, meu, minha, meus, minhas, hã, ãh, ahn, gostaria de, queria, preciso de, gostava de, para o,
    para a, embora, desde, entre, o meu, a minha, o seu, a sua, por causa de`,
  seldomLast: `que, é, são, está, uma, se, seu, sua, eu, nós, quero, gostaria, preciso, tenho, temos, então, portanto, como, quando,
    onde, também, até, sem, sobre, muito, este, esta, esse, essa, depois, hum, hmm, tipo, sei lá, quer dizer, ou seja, acho que,
    penso que, deixe ver, deixa eu ver, digamos, estou a, não me, me, lhe`,
  announces: [
    "(?:número|nome|apelido|sobrenome|morada|endereço|e-?mail|mail|correio|código|telemóvel|telefone|celular|contacto|contato|cpf|nif|cep|data de nascimento)(?: [\\p{L}'-]+){0,4}? (?:é|são|seria)(?: o| a)?",
    '(?:eu )?(?:chamo-me|me chamo)|(?:soletra|escreve)-se|se (?:escreve|soletra)',
    '(?:eu )?(?:vou )?soletr(?:o|ar)|vou (?:ditar|dizer)|posso soletrar',
    '(?:ligar|ligar-me|contactar|contactar-me|encontrar|chamar) (?:para o|no|pelo)',
    'nasci (?:em|a|no dia)|moro (?:na|no|em)(?: rua| avenida)?|vivo (?:na|no|em)(?: rua)?',
  ],
  announcesAlone: [
    "(?:o |a )?(?:meu|minha|nosso|nossa) (?:[\\p{L}'-]+ )?(?:número|nome|apelido|sobrenome|morada|endereço|e-?mail|telemóvel|telefone|celular|contacto|contato|código)(?: de [\\p{L}'-]+)?",
    'número de (?:telefone|telemóvel|celular|cliente|contrato|apólice|encomenda)|(?:pode (?:anotar|apontar)|anote|anota|tome nota|aponte)(?: aí)?(?: por favor)?',
  ],
  asking: 'que(?! o| a| meu| minha)|qual|como|se',
  openers: `sim, não, então, bom, olhe, olha, ora, hã, e, pois, claro, está bem, tá, tá bom, ok, okay, certo, alô, bom dia, boa tarde,
    boa noite, olá, oi, com certeza, é`,
  spelledLike: 'de|como',
  asksNumber:
    'número(?! d[ae] (?:porta|casa|pessoas))|(?:seu|meu) (?:telefone|telemóvel|celular|contacto|contato)|código postal',
  asksEmail: 'e-?mail|correio (?:eletrónico|eletrônico)',
  asksSpelling: 'soletr|letra por letra|letra a letra',
  complete: `não obrigado, não obrigada, sim por favor, sim obrigado, sim obrigada, é tudo, é só isso, é só, só isso, era só isso,
    mais nada, nada mais, por agora é tudo, é isso, é isso mesmo, isso mesmo, está certo, tá certo, está correto, está correcto,
    está bem, está bom, tudo certo, tudo bem, está errado, não está certo, ainda não, obrigado, obrigada, muito obrigado,
    muito obrigada, brigado, brigada, agradeço, adeus, tchau, até logo, até à próxima, até mais, bom dia para si, igualmente,
    com licença, de nada, já está`,
  yesNo: `sim, não, é, isso, certo, correto, correcto, exato, exatamente, exactamente, claro, claro que sim, claro que não,
    com certeza, pois, pois é, pois sim, pois não, tá, tá bom, ok, okay, perfeito, bem, muito bem, de acordo, combinado, nunca,
    nada, nenhum, nenhuma, errado, acho que sim, acho que não, aham, uhum, pode ser, beleza, já`,
  afterYesNo: `por favor, faz favor, se faz favor, sou eu, sou, está, tenho, quero, posso, pode, sei, senhor, senhora, confirmo, estou,
    é verdade, tem, foi, não tenho, não quero, não sei, mesmo`,
  seldomDigits: 'um, uma, meia',
  countsToo: 'dobro, duplo, triplo, mil',
  phoneDigits: 9,
  plusMeansMore: true,
};
