/** A value as JavaScript text on one line: JSON leaves two characters that V8 counts as line ends. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
