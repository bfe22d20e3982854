/** Microphone, speaker and, where the browser has one, its own recogniser. */

let context;
let speaker;
let microphone;
let recogniser;

/** Browsers allow sound only after a click: called from one. */
export async function startSpeaker() {
  if (context !== undefined) {
    await context.resume();
    return;
  }
  context = new AudioContext();
  await context.audioWorklet.addModule('/phone/worklet.js');
  speaker = new AudioWorkletNode(context, 'speaker', { outputChannelCount: [1] });
  speaker.connect(context.destination);
}

export function play(frame) {
  speaker?.port.postMessage(frame, [frame]);
}

export async function startMicrophone(onFrame) {
  await startSpeaker();
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
  });
  const node = new AudioWorkletNode(context, 'microphone');
  const source = context.createMediaStreamSource(stream);
  source.connect(node);
  node.port.onmessage = ({ data }) => onFrame(data);
  microphone = { stream, source, node };
}

export function stopMicrophone() {
  if (microphone === undefined) return;
  microphone.source.disconnect();
  microphone.node.port.onmessage = null;
  for (const track of microphone.stream.getTracks()) track.stop();
  microphone = undefined;
}

/** Answers false where the browser has no recogniser: the sound goes out all the same, but nobody knows its words. */
export function startRecogniser(language, onText) {
  const Recogniser = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (Recogniser === undefined) return false;
  recogniser = new Recogniser();
  recogniser.lang = language;
  recogniser.continuous = true;
  recogniser.interimResults = true;
  recogniser.onresult = (event) => {
    for (let i = event.resultIndex; i < event.results.length; i += 1) {
      const text = event.results[i][0].transcript.trim();
      if (text !== '') onText(text, event.results[i].isFinal);
    }
  };
  const mine = recogniser;
  // It ends by itself after a silence: go on until told otherwise.
  recogniser.onend = () => {
    if (recogniser === mine) mine.start();
  };
  recogniser.start();
  return true;
}

export function stopRecogniser() {
  const ending = recogniser;
  recogniser = undefined;
  ending?.stop();
}
