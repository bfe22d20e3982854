/** Plays one scripted customer in one call. Steps run in order; rules answer whenever the bot has made its pause. */
import type { PhoneCall } from './phone-call.ts';
import type { Rule, Script, Step } from './script.ts';

export async function runScript(call: PhoneCall, script: Script): Promise<void> {
  const runner = new ScriptRunner(call, script);
  await runner.run();
}

class ScriptRunner {
  readonly #call: PhoneCall;
  readonly #script: Script;
  readonly #used = new Map<Rule, number>();
  readonly #waits = new Set<() => void>();
  /** What the bot said before this has been answered. */
  #answeredUntilMs = 0;
  /** Steps that wait for a word look for it from here. */
  #listensFromMs = 0;
  #busy = false;
  /** Rules speak while the script listens for words or has nothing else to do, never into a step that times its own speech. */
  #rulesSpeak = false;

  constructor(call: PhoneCall, script: Script) {
    this.#call = call;
    this.#script = script;
  }

  async run(): Promise<void> {
    this.#call.onTick = () => {
      for (const check of this.#waits) check();
      this.#answerByRule();
    };
    this.#call.onOver = () => {
      for (const check of this.#waits) check();
    };
    for (const step of this.#script.steps) {
      if (this.#call.state === 'over') break;
      this.#rulesSpeak = 'converses' in step || 'waitsToHear' in step || 'expects' in step;
      await this.#take(step);
    }
    this.#rulesSpeak = true;
    // Nothing left to do by itself: the rules have the word until somebody hangs up.
    await this.#until(() => false, Infinity);
  }

  async #take(step: Step): Promise<void> {
    if ('says' in step) await this.#speak(step.says);
    else if ('waitsMs' in step) await this.#until(() => false, step.waitsMs);
    else if ('waitsForSilenceMs' in step) await this.#waitForSilence(step);
    else if ('waitsToHear' in step) await this.#hear(step.waitsToHear, step.withinMs);
    else if ('expects' in step) await this.#expect(step.expects, step.withinMs);
    else if ('interrupts' in step) await this.#interrupt(step);
    else if ('presses' in step) this.#call.press(step.presses);
    else if ('converses' in step)
      await this.#until(() => false, step.converses === true ? Infinity : step.converses * 1000);
    else if ('hangsUp' in step) this.#call.hangUp();
    else this.#call.drop();
  }

  async #waitForSilence(step: { waitsForSilenceMs: number; withinMs: number }): Promise<void> {
    const from = this.#answeredUntilMs;
    const silent = await this.#until(
      () => this.#call.botHasSpokenSince(from) && this.#call.botSilentMs() >= step.waitsForSilenceMs,
      step.withinMs,
    );
    if (!silent && this.#call.state === 'live')
      this.#call.fail(`the bot made no pause of ${step.waitsForSilenceMs} ms`);
  }

  async #expect(pattern: RegExp, withinMs: number): Promise<void> {
    if (await this.#hear(pattern, withinMs)) return;
    this.#call.fail(
      `expected to hear ${String(pattern)} within ${withinMs} ms; heard: ${this.#call.botTextSince(this.#listensFromMs)}`,
    );
    this.#call.hangUp();
  }

  async #hear(pattern: RegExp, withinMs: number): Promise<boolean> {
    const heard = await this.#until(() => pattern.test(this.#call.botTextSince(this.#listensFromMs)), withinMs);
    if (heard) this.#listensFromMs = this.#call.nowMs;
    return heard;
  }

  async #interrupt(step: { interrupts: string; afterMs: number; withinMs: number }): Promise<void> {
    const begun = await this.#until(() => {
      const since = this.#call.botSpeakingSinceMs();
      return since !== undefined && this.#call.nowMs - since >= step.afterMs;
    }, step.withinMs);
    if (begun) await this.#speak(step.interrupts);
    else if (this.#call.state === 'live') this.#call.fail('there was nothing to interrupt');
  }

  async #speak(text: string): Promise<void> {
    this.#busy = true;
    this.#listensFromMs = this.#call.nowMs;
    await this.#call.speak(text);
    this.#answeredUntilMs = this.#call.nowMs;
    this.#busy = false;
  }

  /** Resolves with true when the fact holds, with false when the time is over or the call. */
  #until(fact: () => boolean, withinMs: number): Promise<boolean> {
    const deadlineMs = this.#call.nowMs + withinMs;
    return new Promise((resolve) => {
      const check = (): void => {
        const holds = fact();
        if (!holds && this.#call.nowMs < deadlineMs && this.#call.state !== 'over') return;
        this.#waits.delete(check);
        resolve(holds);
      };
      this.#waits.add(check);
      check();
    });
  }

  #answerByRule(): void {
    const call = this.#call;
    if (this.#busy || call.speaking || call.state !== 'live') return;
    if (call.nowMs - Math.max(this.#answeredUntilMs, call.nowMs - call.botSilentMs()) > this.#script.patienceMs) {
      call.endedBecause = 'nobody spoke any more';
      call.hangUp();
      return;
    }
    if (
      !this.#rulesSpeak ||
      !call.botHasSpokenSince(this.#answeredUntilMs + 1) ||
      call.botSilentMs() < this.#script.answersAfterMs
    )
      return;
    const said = call.botTextSince(this.#answeredUntilMs);
    const rule = this.#script.answersWith.find((one) => one.when.test(said) && (this.#used.get(one) ?? 0) < one.times);
    this.#answeredUntilMs = call.nowMs;
    if (rule !== undefined) this.#follow(rule);
    else if (this.#script.otherwise !== undefined) void this.#speak(this.#script.otherwise);
  }

  #follow(rule: Rule): void {
    this.#used.set(rule, (this.#used.get(rule) ?? 0) + 1);
    if (rule.presses !== undefined) this.#call.press(rule.presses);
    const spoken = rule.says === undefined ? Promise.resolve() : this.#speak(rule.says);
    void spoken.then(() => {
      if (rule.hangsUp === true) this.#call.hangUp();
    });
  }
}
