const SAFE: ReadonlySet<unknown> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether a request of this method asks for nothing but an answer (RFC 9110 §9.2.1), so that it may be sent again. */
export function isSafeMethod(method: unknown): boolean {
  return SAFE.has(method);
}
