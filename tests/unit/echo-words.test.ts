import { expect, test } from 'vitest';
import { withoutEcho } from '../../domain/echo.ts';

const said = 'Hello, this is Amelie of Contoso. How can I help you today? Is it Monday or Tuesday?';

test('[BI32] what the bot says is taken away, misheard words and all', () => {
  expect(withoutEcho({ heard: 'hello this is emily of contoso how can', said, leastWords: 3 })).toBe('');
  expect(withoutEcho({ heard: 'this is Amelie', said, leastWords: 3 })).toBe('');
});

test('[BI32] words that follow the echo are the customer’s', () => {
  expect(withoutEcho({ heard: 'How can I help you I need a table.', said, leastWords: 3 })).toBe('I need a table.');
  expect(withoutEcho({ heard: 'is it Monday or Tuesday Tuesday please', said, leastWords: 1 })).toBe('Tuesday please');
});

test('[BI32] who answers in a word of the question has answered', () => {
  expect(withoutEcho({ heard: 'Tuesday', said, leastWords: 3 })).toBe('Tuesday');
  expect(withoutEcho({ heard: 'I think Tuesday.', said, leastWords: 2 })).toBe('I think Tuesday.');
  expect(withoutEcho({ heard: 'Wait, I need help', said, leastWords: 3 })).toBe('Wait, I need help');
});
