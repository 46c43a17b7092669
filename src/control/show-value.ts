/** A value as JSON; undefined if it has no such form: it is circular, too deep, or a function. */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The beginning of a value, for a message. */
export function show(value: unknown): string {
  return jsonOf(value)?.slice(0, 80) ?? String(value);
}
