const LABEL = /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/;

/** What a label is, for messages. */
export const LABEL_RULE =
  'it must be 1 to 63 of a-z, 0-9, "-" and "_", beginning and ending with a letter or digit';

/** Whether something may be the name of a worker or of an account. */
export function isLabel(value: unknown): boolean {
  return typeof value === "string" && LABEL.test(value);
}
