/** Something came out of an isolate, or over a pipe, that the protocol does not allow. */
export class Violation extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Violation";
  }
}
