import type { PhraseBook } from '../phrases.ts';

export const pl: PhraseBook = {
  greeting: [
    'Dzień dobry[ {customerName}], mówi {botName}, wirtualny asystent firmy {company}. W czym mogę pomóc?',
    'Witam[ {customerName}], tu {botName}, automatyczny asystent firmy {company}. Co mogę dla pana lub pani zrobić?',
  ],
  welcome_back: [
    'Witam ponownie[ {customerName}], mówi {botName}, wirtualny asystent firmy {company}.[ Do tej pory mamy: {recap}.] Kontynuujemy?',
  ],
  promised_call: [
    'Dzień dobry[ {customerName}], mówi {botName}, wirtualny asystent firmy {company}. Oddzwaniam zgodnie z obietnicą.[ {late}][ {recap}] Czy można teraz rozmawiać?',
  ],
  sorry_so_late: ['Przepraszam, że dzwonię później, niż obiecano.'],
  ringing_back: [
    'Dzień dobry[ {customerName}], tu ponownie {botName}, wirtualny asystent firmy {company}. Połączenie zostało przerwane. Czy możemy wrócić do rozmowy?',
  ],
  sorry_as_I_was_saying: [
    'Przepraszam za przerwę.[ Jak mówiłem: {recap}]',
    'Przepraszam, na chwilę nas rozłączyło.[ Jak mówiłem: {recap}]',
  ],
  goodbye: [
    'Dziękujemy za telefon do firmy {company}. Do widzenia!',
    'Dziękuję[ {customerName}], miłego dnia. Do widzenia!',
  ],
  error: [
    'Przepraszam, coś poszło nie tak po mojej stronie. Proszę powtórzyć.',
    'Niestety się nie udało. Proszę powiedzieć to jeszcze raz.',
  ],
  waiting: ['Chwileczkę, sprawdzam.', 'Jestem na linii, jeszcze sekunda.', 'Dziękuję za cierpliwość, już prawie.'],
  still_there: ['Czy jest pan lub pani na linii?', 'Halo, czy mnie słychać?'],
  didnt_hear: ['Przepraszam, nie zrozumiałem. Proszę powtórzyć.', 'Słabo słychać. Proszę powiedzieć jeszcze raz.'],
  connecting_operator: ['Łączę z konsultantem. Proszę chwilę zaczekać.', 'Oczywiście, przełączam do konsultanta.'],
  operator_failed: ['Przykro mi, teraz nikt nie jest wolny. Oddzwonimy.[ {when}] Czy mam coś jeszcze zapisać?'],
  after_operator: ['Z tej strony znowu {botName}. Czy mogę jeszcze w czymś pomóc?'],
  technical_trouble: ['Mam teraz problem techniczny. Proszę o chwilę cierpliwości.'],
  no_voice: ['Przepraszam, problem techniczny nie pozwala mi kontynuować. Wkrótce oddzwonimy. Do widzenia!'],
  no_ears: [
    'Przepraszam, z powodu problemu technicznego nie słyszę Pana ani Pani. Proszę nacisnąć jeden, a oddzwonimy.',
  ],
  missed_call_apology: ['Dzień dobry, przepraszamy, że nie mogliśmy odebrać. Oddzwonimy najszybciej, jak to możliwe.'],
  we_missed_you: ['Dzwoniono do nas, a my nie mogliśmy odebrać: to była nasza wina i przepraszamy.'],
  to_voicemail: [
    'Dzień dobry, mówi {botName}, wirtualny asystent firmy {company}. Próba rozmowy z Państwem trafiła na pocztę głosową.[ {again}] Można też oddzwonić pod ten numer. Do usłyszenia!',
  ],
  tries_again: ['Zadzwonię ponownie później.'],
  one_moment: ['Chwileczkę.', 'Sekundę, proszę.'],
  going_in_circles: [
    'Obawiam się, że kręcimy się w kółko. Czy można to powiedzieć inaczej?',
    'Spróbujmy inaczej. Proszę powiedzieć innymi słowami, o co chodzi.',
  ],
  written_by: ['Tu {botName}, wirtualna asystentka firmy {company}.'],
  colleague_calls: ['Kolega zadzwoni do Państwa w tej sprawie. Czy mam jeszcze coś zanotować?'],
  text_failed: ['Przy okazji, mój SMS do Państwa nie dotarł.[ Jego treść: {text}]'],
  text_arrived: ['A mój SMS jednak dotarł.'],
};
