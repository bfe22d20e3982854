/** Something a person has to decide or mend before anything can start; its message is a whole sentence with the remedy. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
