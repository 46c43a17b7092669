/** A line of a stack: `    at name (place)`, or `    at place` without a name. */
export interface StackFrame {
  readonly name: string | undefined;
  readonly place: string;
}

/** Longer lines are the tenant's own making. */
const MAX_FRAME_CHARS = 2_000;
const BEGIN = /^\s*at /;
const BREAK = /[\r\n\u2028\u2029]/;
const EVAL = " (eval at ";

/** Whether a line begins as a frame does. */
export function looksLikeFrame(line: string): boolean {
  return BEGIN.test(line.slice(0, MAX_FRAME_CHARS)) && !BREAK.test(line.slice(0, MAX_FRAME_CHARS));
}

/**
 * Takes a frame apart, in time that grows as the line does: a worker may log what it likes.
 *
 * @returns undefined if the line is no frame, or too long for one
 */
export function readFrame(line: string): StackFrame | undefined {
  if (line.length > MAX_FRAME_CHARS || !looksLikeFrame(line)) return undefined;
  const text = line.slice(BEGIN.exec(line)?.[0].length);
  if (!text.endsWith(")")) return { name: undefined, place: text };
  // The place of code from `eval` has parentheses of its own.
  const evalAt = text.indexOf(EVAL);
  const open = evalAt === -1 ? text.lastIndexOf(" (") : evalAt;
  if (open === -1) return { name: undefined, place: text };
  return { name: text.slice(0, open), place: text.slice(open + 2, -1) };
}
