/** One line for the person at the terminal. Progress goes to stderr, so that output can be piped. */
export type Say = (line: string) => void;

export const say: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** A closed terminal must not take the calls with it: writing to it is then simply over. */
export function tolerateClosedTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
