/** Runs on the browser's sound thread: the microphone in pieces of 16 kHz, and what the line says back out of the speaker. */

const LINE_HZ = 16_000;
/** Half a second: more than that behind is latency that would never go away. */
const LONGEST_QUEUE = LINE_HZ / 2;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / LINE_HZ;
    this.position = 0;
    this.kept = [];
    this.out = [];
  }

  process([input]) {
    const channel = input?.[0];
    if (channel === undefined) return true;
    this.kept.push(...channel);
    // Each sample of the line is the mean of what the microphone gave in its time: a low-pass that needs no table.
    while (this.position + this.step <= this.kept.length) {
      const from = Math.floor(this.position);
      const to = Math.max(from + 1, Math.floor(this.position + this.step));
      let sum = 0;
      for (let i = from; i < to; i += 1) sum += this.kept[i];
      this.out.push(sum / (to - from));
      this.position += this.step;
    }
    const used = Math.floor(this.position);
    this.kept.splice(0, used);
    this.position -= used;
    while (this.out.length >= 320) {
      const frame = Int16Array.from(this.out.splice(0, 320), (value) => Math.max(-1, Math.min(1, value)) * 32_767);
      this.port.postMessage(frame.buffer, [frame.buffer]);
    }
    return true;
  }
}

class Speaker extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = LINE_HZ / sampleRate;
    this.position = 0;
    this.queue = [];
    this.port.onmessage = ({ data }) => {
      for (const sample of new Int16Array(data)) this.queue.push(sample / 32_768);
      if (this.queue.length > LONGEST_QUEUE) this.queue.splice(0, this.queue.length - LONGEST_QUEUE / 4);
    };
  }

  process(_, [output]) {
    const channel = output[0];
    for (let i = 0; i < channel.length; i += 1) {
      const at = Math.floor(this.position);
      if (at + 1 >= this.queue.length) {
        channel[i] = 0;
        continue;
      }
      const part = this.position - at;
      channel[i] = this.queue[at] * (1 - part) + this.queue[at + 1] * part;
      this.position += this.step;
    }
    const used = Math.min(Math.floor(this.position), this.queue.length);
    this.queue.splice(0, used);
    this.position -= used;
    return true;
  }
}

registerProcessor('microphone', Microphone);
registerProcessor('speaker', Speaker);
