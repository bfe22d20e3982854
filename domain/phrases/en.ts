import type { PhraseBook } from '../phrases.ts';

export const en: PhraseBook = {
  greeting: [
    'Hello[ {customerName}], this is {botName}, the virtual assistant of {company}. How can I help you?',
    'Good day[ {customerName}], you are speaking with {botName}, the automated assistant of {company}. What can I do for you?',
  ],
  welcome_back: [
    'Hello again[ {customerName}], this is {botName}, the virtual assistant of {company}.[ So far we have: {recap}.] Shall we carry on where we stopped?',
    'Welcome back[ {customerName}], {botName} here, the automated assistant of {company}.[ I have noted: {recap}.] Shall we go on from there?',
  ],
  promised_call: [
    'Hello[ {customerName}], this is {botName}, the virtual assistant of {company}. I am calling you back as promised.[ {late}][ {recap}] Do you have a moment?',
  ],
  sorry_so_late: ['I am sorry that I am calling later than promised.'],
  ringing_back: [
    'Hello[ {customerName}], this is {botName}, the virtual assistant of {company}, once more. We were cut off. Shall we carry on where we stopped?',
  ],
  sorry_as_I_was_saying: [
    'Sorry about that break in the line.[ As I was saying: {recap}]',
    'Sorry, we were cut off for a moment.[ As I was saying: {recap}]',
  ],
  goodbye: ['Thank you for calling {company}. Goodbye!', 'Thank you[ {customerName}], have a good day. Goodbye!'],
  error: [
    'Sorry, something went wrong on my side. Could you say that again?',
    'I am sorry, that did not work. Could you please repeat it?',
  ],
  waiting: [
    'One moment, I am looking into it.',
    'Still with you, just a second.',
    'Thank you for waiting, I am nearly there.',
  ],
  still_there: ['Are you still there?', 'Hello, can you hear me?', 'I cannot hear you. Are you still on the line?'],
  didnt_hear: [
    'Sorry, I did not catch that. Could you say it again?',
    'I did not hear you well. Could you repeat that, please?',
  ],
  connecting_operator: [
    'I will connect you with a colleague now. One moment, please.',
    'Of course, I am putting you through to a colleague.',
  ],
  operator_failed: [
    'I am sorry, none of my colleagues is free right now. We will call you back.[ {when}] Is there anything else I can note for them?',
    'Sorry, nobody could take your call just now. I have arranged a call back for you.[ {when}] Can I do anything else meanwhile?',
  ],
  after_operator: [
    'You are back with {botName}. Is there anything else I can do for you?',
    'I am here again. Can I help you with anything else?',
  ],
  technical_trouble: [
    'I am having technical trouble at the moment. Please bear with me.',
    'Sorry, our system is slow right now. Let me note what you need.',
  ],
  no_voice: ['I am sorry, technical trouble keeps me from going on. We will call you back shortly. Goodbye!'],
  no_ears: ['I am sorry, because of technical trouble I cannot hear you. Press one, and we will call you back.'],
  missed_call_apology: [
    'Hello, we are sorry that we could not take your call. We will ring you back as soon as we can.',
  ],
  we_missed_you: ['You rang us and we could not answer: the fault was ours, and we are sorry.'],
  to_voicemail: [
    'Hello, this is {botName}, the virtual assistant of {company}. I wanted to speak to you and have reached your voicemail.[ {again}] You can also ring us back on this number. Goodbye!',
  ],
  tries_again: ['I will try again later.'],
  one_moment: ['One moment, please.', 'Just a second.', 'Let me see.'],
  going_in_circles: [
    'I am afraid we are going in circles. Could you put it in other words?',
    'Let us try it differently. Please tell me in other words what you need.',
  ],
  written_by: ['This is {botName}, the virtual assistant of {company}.'],
  colleague_calls: ['A colleague of mine will call you about it. Is there anything else I should note for them?'],
  text_failed: ['By the way, my text message to you did not arrive.[ It said: {text}]'],
  text_arrived: ['And my text message has reached you after all, as I hear.'],
};
