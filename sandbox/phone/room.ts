/** Where legs hear each other: every 20 ms each leg says a frame and hears the mix of all the others. */
import type { Leg } from './leg.ts';
import { mix, type Frame } from './sound.ts';

/** What one leg said in one frame. */
export interface Spoken {
  leg: Leg;
  frame: Frame | undefined;
}

export class Room {
  readonly legs = new Set<Leg>();
  /** The part of the network's 20 ms in which its frames travel. */
  readonly phase: number;

  constructor(phase: number) {
    this.phase = phase;
  }

  enter(leg: Leg): void {
    leg.room?.leave(leg);
    this.legs.add(leg);
    leg.room = this;
  }

  leave(leg: Leg): void {
    this.legs.delete(leg);
    if (leg.room === this) leg.room = undefined;
  }

  tick(): void {
    if (this.legs.size === 0) return;
    const spoken = [...this.legs].map((leg) => ({ leg, frame: leg.say() }));
    for (const { leg } of spoken)
      leg.hear(mix(spoken.map((other) => (leg.hears(other.leg) ? other.frame : undefined))));
    for (const { leg } of spoken) for (const listener of leg.listeners) listener(spoken);
  }

  /** A key pressed by one is told to the others: only media sockets make something of it. */
  digit(from: Leg, digit: string): void {
    for (const leg of this.legs) if (leg !== from) leg.party?.digit?.(digit);
  }
}
