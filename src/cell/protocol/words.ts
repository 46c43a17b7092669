import { MAX_HOST_TEXT, MAX_REASON } from "./field-bounds.ts";
import type { FlatReader } from "./flat-reader.ts";
import { Violation } from "./violation.ts";

/** A text for people. What is longer than anybody reads is cut. */
export function shortText(reader: FlatReader): string {
  return reader.text("text", MAX_HOST_TEXT).slice(0, MAX_REASON);
}

export function oneOf(reader: FlatReader, allowed: readonly string[]): string {
  const text = reader.text("word", 32);
  if (!allowed.includes(text)) throw new Violation(`the word "${text}"`);
  return text;
}
