/** Is a window of sound worth asking whether it is speech? By its level above what this line sounds like when nobody speaks. */

/** All levels in dBFS, of windows of 32 ms. */
export interface VoiceGate {
  /** What the line's own noise has come to. */
  readonly floorDb: number;
  /** Windows since the last that was speech. */
  readonly quietFor: number;
}

/** A steady noise stays within 1 dB of its mean; speech as loud as the noise that it is in lifts it by 3. */
const ABOVE_FLOOR_DB = 2;
/** Quieter than this is no sound of speech: the soft beginnings of a quiet talker are 10 dB above it. */
const NEVER_BELOW_DB = -64;
/** Louder than this is always asked about: a street or a television is not to hide a voice. */
const ALWAYS_ABOVE_DB = -38;
/** Within speech there are pauses of 200 ms and hisses that no model takes for speech: what the line sounds like is learned after them. */
const LEARNS_AFTER = 10;
/** The longest pause that the end of a turn is decided in, 500 ms as shipped: until then a doubt is the talker's, whose soft sounds may be below the line's. */
const DOUBTED_FOR = 16;
const RISES_BY = 0.06;
const FALLS_BY = 0.3;
/** From here down a line is silent, or sends nothing at all. */
const SILENT_DB = -75;

export const newVoiceGate = (): VoiceGate => ({ floorDb: SILENT_DB, quietFor: 0 });

/** [EP30-EP32, EP39] */
export function worthAsking(gate: VoiceGate, levelDb: number): boolean {
  if (gate.quietFor < DOUBTED_FOR && levelDb >= NEVER_BELOW_DB) return true;
  return levelDb >= Math.min(ALWAYS_ABOVE_DB, Math.max(NEVER_BELOW_DB, gate.floorDb + ABOVE_FLOOR_DB));
}

/** [EP33] After each window, asked about or not: what is not speech, for long enough, is the line. */
export function afterWindow(gate: VoiceGate, window: { levelDb: number; isSpeech: boolean }): VoiceGate {
  const quietFor = window.isSpeech ? 0 : gate.quietFor + 1;
  const levelDb = Math.max(SILENT_DB, window.levelDb);
  const pace = levelDb < gate.floorDb ? FALLS_BY : quietFor > LEARNS_AFTER ? RISES_BY : 0;
  return { floorDb: gate.floorDb + (levelDb - gate.floorDb) * pace, quietFor };
}
