/** Stands in the script before {@link cutLateParts} where a part begins: a call that it replaces. */
const CALL = "skerryLatePart";
/** A shorter text is no gain: each isolate that asks for it gets a copy of its own. */
const LEAST_CHARS = 1_024;

/** A script, and what was cut out of it. */
export interface CutScript {
  readonly script: string;
  /** Texts of the parts, by the names that the script asks for. */
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * Marks a function that makes a late part, so that {@link cutLateParts} finds it once the script is minified.
 * @param made the function's text @param number the part's
 */
export function markLatePart(made: string, number: number): string {
  return `() => ${CALL}("${number}", ${made}, "end ${number}")`;
}

/**
 * Takes the late parts out of a script that is minified whole, so that their names fit. What is left asks for the text
 * of a part by `skerryLate.text(name)`, a function that code of the script puts there, and evaluates it where it stood: by V8's own
 * direct `eval`, which sees the names around it. The worker's `eval` is another.
 *
 * @param script an expression statement, sloppy outside, with parts that {@link markLatePart} marked
 * @param sourceUrl what the frames of the parts are named by, followed by their names
 * @throws Error where the marks are not as they were made
 */
export function cutLateParts(script: string, sourceUrl: string): CutScript {
  const parts: Record<string, string> = {};
  let rest = script.trimEnd().replace(/;$/, "");
  for (let number = 0; ; number++) {
    const begin = `${CALL}("${number}",`;
    const end = `,"end ${number}")`;
    const from = rest.indexOf(begin);
    if (from < 0) break;
    const to = rest.indexOf(end, from);
    if (to < 0) throw new Error(`late part ${number} has no end`);
    const made = rest.slice(from + begin.length, to);
    const name = `late-${number}`;
    const isLong = made.length >= LEAST_CHARS;
    if (isLong) parts[name] = `"use strict";(${made})\n//# sourceURL=${sourceUrl}/${name}`;
    const call = isLong ? `eval(skerryLate.text("${name}"))()` : `(${made})()`;
    rest = `${rest.slice(0, from)}${call}${rest.slice(to + end.length)}`;
  }
  if (rest.includes(CALL)) throw new Error("late parts are not numbered one after the other");
  return { script: `((eval)=>{var skerryLate={};return ${rest}})(eval);\n`, parts };
}
