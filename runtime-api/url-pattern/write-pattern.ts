import { stringCodePointAt, stringEndsWith, stringSlice } from "../primordials/string.ts";
import { isNameCodePoint } from "./name-code-point.ts";
import {
  escapePattern,
  FULL_WILDCARD,
  hasOwnName,
  type Part,
  type PatternOptions,
  segmentWildcard,
} from "./part.ts";

function firstCharacter(text: string): string {
  const code = stringCodePointAt(text, 0);
  return code === undefined ? "" : stringSlice(text, 0, code > 0xffff ? 2 : 1);
}

/** Whether the part must stand in braces, so that its neighbours are not taken for part of it. */
function needsBraces(
  part: Part,
  previous: Part | undefined,
  next: Part | undefined,
  prefix: string,
): boolean {
  if (part.suffix !== "" || (part.prefix !== "" && part.prefix !== prefix)) return true;
  if (
    hasOwnName(part) &&
    part.type === "segment-wildcard" &&
    part.modifier === "" &&
    next !== undefined &&
    next.prefix === "" &&
    next.suffix === "" &&
    (next.type === "fixed-text" ? isNameCodePoint(firstCharacter(next.value), false) : !hasOwnName(next))
  ) {
    return true;
  }
  return (
    part.prefix === "" &&
    prefix !== "" &&
    previous?.type === "fixed-text" &&
    stringEndsWith(previous.value, prefix)
  );
}

function writeMatcher(part: Part, previous: Part | undefined, braces: boolean, wildcard: string): string {
  const named = hasOwnName(part);
  if (part.type === "regexp") return `(${part.value})`;
  if (part.type === "segment-wildcard") return named ? "" : `(${wildcard})`;
  const alone =
    !named &&
    (previous === undefined ||
      previous.type === "fixed-text" ||
      previous.modifier !== "" ||
      braces ||
      part.prefix !== "");
  return alone ? "*" : `(${FULL_WILDCARD})`;
}

/** Writes a component's pattern in its one normal form. */
export function writePattern(parts: readonly Part[], options: PatternOptions): string {
  const wildcard = segmentWildcard(options);
  let text = "";
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Part;
    if (part.type === "fixed-text") {
      const value = escapePattern(part.value);
      text += part.modifier === "" ? value : `{${value}}${part.modifier}`;
      continue;
    }
    const previous = parts[i - 1];
    const braces = needsBraces(part, previous, parts[i + 1], options.prefix);
    const named = hasOwnName(part);
    const name = named ? `:${part.name}` : "";
    const guard =
      part.type === "segment-wildcard" &&
      named &&
      part.suffix !== "" &&
      isNameCodePoint(firstCharacter(part.suffix), false)
        ? "\\"
        : "";
    const matcher = writeMatcher(part, previous, braces, wildcard);
    const inner = `${escapePattern(part.prefix)}${name}${matcher}${guard}${escapePattern(part.suffix)}`;
    text += `${braces ? `{${inner}}` : inner}${part.modifier}`;
  }
  return text;
}
