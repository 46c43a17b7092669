/** @throws {Error} that names what is wrong, if the condition does not hold */
export function checkForm(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`${what} is wrong`);
}

/** A text of a packet. @throws {Error} if it is none */
export function textIn(value: unknown, what: string): string {
  checkForm(typeof value === "string", what);
  return value;
}

/** A whole number of a packet, from 0. @throws {Error} if it is none */
export function countIn(value: unknown, what: string): number {
  checkForm(typeof value === "number" && Number.isSafeInteger(value) && value >= 0, what);
  return value;
}
