import type { RulesBook } from '../book.ts';

export const en: RulesBook = {
  ask: {
    name: [
      'May I have your name, please?',
      'Could you spell your name for me?',
      'Could you spell your name, with a word for each letter, like A as in Anna?',
    ],
    email: [
      'What is your email address?',
      'Could you spell your email address for me, letter by letter?',
      'Could you spell your email address once more, with a word for each letter, like A as in Anna?',
    ],
    phone: [
      'What is the best phone number to reach you?',
      'Could you give me your phone number digit by digit, with the country code?',
      'Please key in your phone number on the keypad of your phone, and press the hash key when you are done. Which number is it?',
    ],
    datetime: [
      'Regarding the {label}: which day and time, please?',
      'When exactly? I need the date and time for the {label}.',
      'Please key in day, month and year for the {label} on the keypad of your phone, with the time behind it if you know it, and press the hash key. Which digits are they?',
    ],
    counted: [
      'Could you tell me the {label}, please?',
      'Could you give me the {label} digit by digit?',
      'Please key in the {label} on the keypad of your phone, and press the hash key when you are done. What is it?',
    ],
    text: [
      'Could you tell me the {label}, please?',
      'Next I need the {label}. What shall I write down?',
      'In your own words: what about the {label}?',
    ],
  },
  again: ['Sorry, I did not quite get that.', 'I am afraid I still have not understood.', 'Let me try once more.'],
  noted: ['Thank you.', 'Got it.', 'All right.', 'Noted.'],
  notedValue: ['I have noted {value}.', 'Thank you, that is {value}.', 'Got it: {value}.'],
  summary: 'Let me sum up. {summary}.',
  confirmQuestion: ['Is that all correct?', 'Did I get everything right?', 'Can I leave it like this?'],
  correctWhat: ['What should I correct?', 'Which part is wrong, and what should it be?'],
  anythingElse: [
    'Thank you, everything is noted. Is there anything else I can do for you?',
    'Very good. Can I help you with anything else?',
    'Is there something more that you need?',
  ],
  howHelp: [
    'How can I help you?',
    'What is your call about?',
    'Please tell me in a sentence what has happened or what you need.',
  ],
  callbackWhen: [
    'When should we call you back?',
    'Which day and time would suit you for our call?',
    'Please name a day and an hour for the call back.',
  ],
  callbackNoted: 'I will call you back on {when}.',
  whichCity: [
    'Which city are you in, or which country? Then the time will be right.',
    'To get the time right: what is the nearest big city?',
  ],
  callbackCancelled: 'Done: you will not be called about it.',
  nothingPromised: 'Nothing is planned: nobody will call you.',
  cancelWhich: 'There is more than one: {which}. Which one shall I cancel?',
  smsSent: 'I have sent you a text message.',
  textQuestion: '{company}: please answer this message with your {label}.',
  askedByText: 'I have sent you a text message: could you answer it with your {label}?',
  smsText: '{company}: thank you for your call.[ We noted: {summary}.]',
  languageChanged: 'Of course, let us continue in English.',
  speedChanged: 'Of course, is this better?',
  notKnown: [
    'I do not have that information, but I will pass your question on.',
    'I am sorry, I cannot answer that. A colleague will look into it.',
  ],
  offerHuman: ['Would you like to speak with a colleague of mine?', 'Shall I connect you with a human colleague?'],
  declined: [
    'I cannot do that, but I am glad to help with your request.',
    'Sorry, that is not something I can do here.',
  ],
  leftOut: 'All right, we leave that out.',
  failed: 'I am sorry, that did not work just now.',
  newClaim: 'All right, let us begin anew.',
  whoIAm: 'I am {botName}, the virtual assistant of {company}.',
  labels: {
    name: 'name',
    email: 'email',
    phone: 'phone number',
    address: 'address',
    location: 'place',
    problem: 'problem',
    incident_description: 'description of the incident',
    incident_datetime: 'time of the incident',
    order_number: 'order number',
    policy_number: 'policy number',
    reason: 'reason for your call',
    city: 'city',
    appointment: 'appointment',
  },
  hears: {
    yes: "yes|yeah|yep|sure|correct|right|exactly|that's right|of course|absolutely|fine|okay|ok|please do|go ahead|perfect",
    no: "no|nope|nah|not really|wrong|not correct|not right|incorrect|that's not",
    goodbye: 'goodbye|good bye|bye|bye bye|see you|have a good day|have a nice day|talk to you later',
    nothingElse:
      "that's all|that is all|that's it|nothing else|nothing more|no thanks|no thank you|i'm done|that will be all",
    dontKnow:
      "i don't know|don't know|no idea|not sure|i'd rather not|rather not say|i don't have|don't have one|skip|i can't remember|don't remember",
    wrong:
      "wrong|incorrect|not correct|not right|that's not|actually|i meant|should be|change my|change the|correct my|correct the|correction",
    callBack:
      "call me back|call back|ring me back|ring me|phone me|call me|give me a call|a callback|call again|i'm busy|i am busy|bad time|not a good time|no time right now|i'm driving",
    cancelCall:
      "need not call|needn't call|don't need to call|do not need to call|don't have to call|do not have to call|no need to call|no need for a call*|no need for the call*|no need to ring|need not ring|cancel the call*|cancel my call*|cancel that call*|cancel the reminder|cancel my reminder|cancel that reminder|call off the call*|don't call me back|do not call me back|don't call back|don't ring me back|no call back needed|no callback needed|forget the call back|forget the callback",
    remind: 'remind me|a reminder|set a reminder|reminder for',
    sms: 'text me|send me a text|send a text|send me an sms|send me a message|by sms|an sms|by text|text message',
    slower: 'slower|more slowly|slow down|too fast|speak slowly',
    faster: 'faster|speed up|too slow|more quickly',
    newCase:
      'another case|new case|new claim|another matter|start over|different matter|something different|second case|another claim',
    question:
      'what|when|where|which|who|why|how|do you|can you|could you|is there|are there|are you|does|will you|is it|may i ask|tell me',
    sameNumber:
      "this number|the same number|same number|the number i'm calling from|number i am calling from|number i'm calling from|the one i'm calling from|this one",
    greeting: 'hello|hi|hey|good morning|good afternoon|good evening|good day',
    injection:
      'ignore your|ignore all|ignore previous|ignore the|previous instructions|your instructions|system prompt|your prompt|pretend to be|pretend you are|act as|you are now|developer mode|jailbreak',
    machine:
      'are you a robot|are you a machine|are you human|are you real|a real person|are you an ai|are you a bot|who are you|who is this|who am i speaking',
    hearMe: 'can you hear me|are you there|are you still there|you there',
    repeat:
      'repeat that|say that again|say it again|come again|pardon|repeat please|could you repeat|can you repeat|what did you say',
    morning: 'in the morning|morning',
    emailWord: 'email|e-mail|mail address',
    phoneWord: 'phone|phone number|number to reach|mobile|call you',
    nameWord: 'your name|first and last name|spell your name|full name',
    dateWord: 'which day|day and time|date and time|when exactly|what time|what date',
    negation: "don't|do not|not|never|no",
    nameSurely: "my name is|my name's|the name is|i am called|my full name is",
    namePerhaps: "this is|i am|i'm|it is|it's|speaking is|here is",
    nameEnds: 'and|from|my|email|phone|i|calling|speaking|here|with|at|the|but|number|please|because|about',
    lead: "well|um|uh|er|so|yes|yeah|sure|okay|ok|it is|it's|that is|that's|that would be|it was at|it was|it happened at|i think|i guess|hello|hi|good morning|good afternoon|the answer is|oh|please|no problem|of course|right",
    is: "is|is at|was|are|'s|would be|number is",
    andMy: 'and my|and the|and i|and it|my|also my|you can reach',
  },
};
