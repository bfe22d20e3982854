/** The page: what the person does goes over the websocket, what the line does is shown and heard. */
import { play, startMicrophone, startRecogniser, startSpeaker, stopMicrophone, stopRecogniser } from './sound.js';

const the = (id) => document.getElementById(id);
const RECONNECT_MS = 2_000;
let socket;
let live = false;
let microphoneOn = false;

function connect() {
  socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/phone/ws`);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') heard(JSON.parse(data));
    else {
      showLevel(data);
      play(data);
    }
  };
  socket.onopen = () => register();
  socket.onclose = () => {
    show('no connection to the sandbox');
    idle();
    setTimeout(connect, RECONNECT_MS);
  };
}

const handlers = {
  hello: ({ botNumber }) => {
    if (the('to').value === '') the('to').value = botNumber;
  },
  registered: ({ number }) => show(`ready as ${number}`),
  dialling: ({ to }) => {
    show(`calling ${to}…`);
    the('hangup').disabled = false;
    the('call').disabled = true;
    the('transcript').replaceChildren();
  },
  ringing: ({ from }) => {
    show(`${from} is calling`);
    ringButtons(true);
  },
  'ringing stopped': () => {
    ringButtons(false);
    if (!live) show('missed call');
  },
  live: () => {
    live = true;
    ringButtons(false);
    the('hangup').disabled = false;
    the('call').disabled = true;
    show('connected');
    the('text').focus();
  },
  over: ({ because }) => {
    show(`call over: ${because}`);
    idle();
  },
  transcript: ({ transcript }) => showTranscript(transcript),
  texts: ({ texts }) => showTexts(texts),
  error: ({ message }) => note(message),
};

function heard(message) {
  handlers[message.type]?.(message);
}

function send(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function register() {
  const number = the('number').value.replace(/[^\d]/g, '');
  if (number === '') return;
  localStorage.setItem('number', number);
  send({ type: 'register', number, language: the('language').value });
}

function show(text) {
  the('state').textContent = text;
}

function note(text) {
  the('note').textContent = text;
}

function ringButtons(ringing) {
  the('answer').hidden = !ringing;
  the('decline').hidden = !ringing;
  the('call').hidden = ringing;
}

function idle() {
  live = false;
  ringButtons(false);
  the('hangup').disabled = true;
  the('call').disabled = false;
}

function showTexts(texts) {
  const rows = texts.map(({ who, text, status }) => ({ who, text: `${text} (${status})`, whole: true }));
  showTranscript(rows, the('texts'));
}

function showTranscript(transcript, list = the('transcript')) {
  const rows = transcript.map(({ who, text, whole }) => {
    const row = document.createElement('li');
    row.className = who;
    row.textContent = `${text ?? '(speech, words unknown)'}${whole ? '' : ' …'}`;
    return row;
  });
  const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 10;
  list.replaceChildren(...rows);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function showLevel(frame) {
  const pcm = new Int16Array(frame);
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  const level = Math.min(1, Math.sqrt(sum / pcm.length) / 6_000);
  const canvas = the('level');
  const pen = canvas.getContext('2d');
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#1a7f4b';
  pen.fillRect(0, 0, canvas.width * level, canvas.height);
}

async function switchMicrophone() {
  if (microphoneOn) {
    stopMicrophone();
    stopRecogniser();
    microphoneOn = false;
  } else {
    await startMicrophone((frame) => {
      if (live && socket.readyState === WebSocket.OPEN) socket.send(frame);
    });
    microphoneOn = true;
    const known = startRecogniser(the('language').value, (text, final) => send({ type: 'spoken', text, final }));
    note(known ? '' : 'This browser has no speech recogniser: the bot hears you, but only typed words are understood.');
  }
  the('microphone').setAttribute('aria-pressed', String(microphoneOn));
  the('microphone').textContent = microphoneOn ? 'Microphone on' : 'Microphone off';
}

the('number').value = localStorage.getItem('number') ?? the('number').value;
the('number').addEventListener('change', register);
the('language').addEventListener('change', register);
the('call').addEventListener('click', () => {
  register();
  send({ type: 'call', to: the('to').value.replace(/[^\d]/g, '') });
  startSpeaker().catch((error) => note(String(error)));
});
the('answer').addEventListener('click', () => {
  send({ type: 'answer' });
  startSpeaker().catch((error) => note(String(error)));
});
the('decline').addEventListener('click', () => {
  send({ type: 'decline' });
  ringButtons(false);
});
the('hangup').addEventListener('click', () => send({ type: 'hangup' }));
the('microphone').addEventListener('click', () => {
  switchMicrophone().catch((error) => note(`no microphone: ${error.message}`));
});
the('typed').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = the('text').value.trim();
  if (text === '' || !live) return;
  send({ type: 'say', text });
  the('text').value = '';
});
the('writing').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = the('message').value.trim();
  if (text === '') return;
  send({ type: 'text', text, to: the('to').value.replace(/[^\d]/g, '') || undefined });
  the('message').value = '';
});
for (const digit of '123456789*0#') {
  const key = document.createElement('button');
  key.textContent = digit;
  key.addEventListener('click', () => send({ type: 'press', digits: digit }));
  the('keypad').append(key);
}

connect();
