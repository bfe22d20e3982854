/** Who of those heard is the customer? Whoever else is in the room, and a television, is fainter than who holds the telephone. */

/** Levels in dBFS, of windows of 32 ms in which there is speech. */
export interface Talkers {
  /** The customer's loud syllables. */
  readonly customerDb: number;
  /** The loudest of the others; `NOBODY` = there are none. */
  readonly othersDb: number;
  /** Windows of fainter speech since the customer was last heard, and the loudest of them. */
  readonly fainterFor: number;
  readonly fainterDb: number;
  /** Windows of speech since the others were last known to be there. */
  readonly sinceOthers: number;
}

const NOBODY = -Infinity;

/** The unstressed syllables of one talker lie within 10 dB of the loud ones as a rule. */
const FAINTER_BY_DB = 12;
/** A sentence trails off for a third of a second (of 21 espeak voices 20 never for more than 12 windows): fainter speech that goes on for longer is somebody else's. */
const OTHERS_FROM = 20;
/** Above the loudest that was heard of them. */
const OTHERS_WITHIN_DB = 3;
/** A minute of speech: a television that was switched off. */
const OTHERS_REMEMBERED = 1_900;
const RISES_BY = 0.3;
/** Half of a difference in four seconds of speech: the telephone is held otherwise. */
const FALLS_BY = 0.005;

export const nobodyYet = (): Talkers => ({
  customerDb: NOBODY,
  othersDb: NOBODY,
  fainterFor: 0,
  fainterDb: NOBODY,
  sinceOthers: 0,
});

/** [EP40] */
export const isOthers = ({ othersDb, customerDb }: Talkers, levelDb: number): boolean =>
  levelDb <= Math.min(othersDb + OTHERS_WITHIN_DB, customerDb - FAINTER_BY_DB / 2);

/** Less than the customer's loud syllables by more than one talker's vary. */
export const isFaint = ({ customerDb }: Talkers, levelDb: number): boolean => levelDb <= customerDb - FAINTER_BY_DB;

/** [EP41] After each window of speech. [EP44] `mayEcho`: the bot's own words may be in it, and they are no talker's. */
export function afterSpeech(talkers: Talkers, levelDb: number, mayEcho = false): Talkers {
  const { customerDb, othersDb, fainterFor, fainterDb } = talkers;
  const sinceOthers = talkers.sinceOthers + 1;
  if (mayEcho && (customerDb === NOBODY || isFaint(talkers, levelDb))) return { ...talkers, sinceOthers };
  if (customerDb === NOBODY) return { ...talkers, customerDb: levelDb, sinceOthers };
  if (!isFaint(talkers, levelDb)) {
    const others = sinceOthers > OTHERS_REMEMBERED ? NOBODY : othersDb;
    if (isOthers(talkers, levelDb)) return { ...talkers, sinceOthers };
    const pace = levelDb > customerDb ? RISES_BY : FALLS_BY;
    const customer = customerDb + (levelDb - customerDb) * pace;
    return { customerDb: customer, othersDb: others, fainterFor: 0, fainterDb: NOBODY, sinceOthers };
  }
  const fainter = { fainterFor: fainterFor + 1, fainterDb: Math.max(fainterDb, levelDb) };
  return fainter.fainterFor < OTHERS_FROM
    ? { ...talkers, ...fainter, sinceOthers }
    : { ...talkers, ...fainter, othersDb: Math.max(othersDb, fainter.fainterDb), sinceOthers: 0 };
}
