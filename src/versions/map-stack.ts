import type { ErrorText } from "../cell/cell.ts";
import { IMAGE_SCRIPT_NAME, VERSION_SCRIPT_NAME } from "../cell/version-code.ts";
import { looksLikeFrame, readFrame } from "./stack-frame.ts";
import { originalPlace } from "./positions.ts";
import type { Positions } from "./positions.ts";

const SCRIPT = VERSION_SCRIPT_NAME.replaceAll(/[^\w]/g, "\\$&");
/** A place in the version's script, or in code that `eval` made there, whose own places mean nothing. */
const PLACE = new RegExp(`^(?:eval at .*\\()?${SCRIPT}:(\\d{1,9}):(\\d{1,9})\\b`);
const WASM_PLACE = /^wasm:\/\//;
/** What the isolate appends to the message of a script that does not compile. */
const SYNTAX_PLACE = new RegExp(` ?\\[${SCRIPT}:(\\d{1,9}):(\\d{1,9})\\]$`);
/** Names of scripts that no tenant shall see. */
const HIDDEN = new RegExp(`${SCRIPT}:|${IMAGE_SCRIPT_NAME}:|<isolated-vm`);
/** Frames of one log line that get the worker's own positions; further ones are left out. */
export const MAX_MAPPED_FRAMES = 256;

/**
 * Rewrites an error's positions to the worker's own files and drops every frame that is not the
 * worker's: those of the host, of the runtime, of built-in functions.
 *
 * @param error as a cell reports it
 */
export function mapStack(error: ErrorText, positions: Positions): ErrorText {
  const syntax = error.name === "SyntaxError" ? SYNTAX_PLACE.exec(error.message) : null;
  const message = syntax === null ? error.message : error.message.slice(0, syntax.index);
  const frames: string[] = [];
  const place = syntax === null ? undefined : describe(positions, syntax[1], syntax[2]);
  if (place !== undefined) frames.push(`    at ${place}`);

  const { header, lines } = splitStack(error);
  for (const line of lines) {
    const frame = mapFrame(line, positions);
    if (frame !== undefined) frames.push(frame);
  }
  const top = syntax === null ? header : header.replace(error.message, () => message);
  return { name: error.name, message, stack: [top, ...frames].join("\n") };
}

/**
 * The same for the text of a log line, which may hold stacks: frames of the worker get its own
 * positions, other frames are dropped, everything else stays. At most {@link MAX_MAPPED_FRAMES} are mapped.
 */
export function mapText(text: string, positions: Positions): string {
  const lines: string[] = [];
  let isFrame = false;
  let frames = 0;
  for (const line of text.split("\n")) {
    const isOurs: boolean = HIDDEN.test(line) || (isFrame && line.endsWith("(<anonymous>)"));
    isFrame = isOurs && looksLikeFrame(line);
    if (isFrame && ++frames > MAX_MAPPED_FRAMES) continue;
    const mapped = isFrame ? mapFrame(line, positions) : line;
    if (mapped !== undefined)
      lines.push(isFrame ? mapped.replace(/^ */, /^\s*/.exec(line)?.[0] ?? "") : mapped);
  }
  return lines.join("\n");
}

/** Whether a text may hold names that {@link mapText} replaces. */
export function holdsPositions(text: string): boolean {
  return HIDDEN.test(text);
}

/** The message may have several lines, and some may look like frames. */
function splitStack({ name, message, stack }: ErrorText): { header: string; lines: string[] } {
  for (const header of [message === "" ? name : `${name}: ${message}`, message]) {
    if (header !== "" && stack.startsWith(header)) {
      return { header, lines: stack.slice(header.length).split("\n").slice(1) };
    }
  }
  const lines = stack.split("\n");
  const first = lines.findIndex(looksLikeFrame);
  const header = first === -1 ? lines : lines.slice(0, first);
  return { header: header.join("\n"), lines: first === -1 ? [] : lines.slice(first) };
}

function mapFrame(line: string, positions: Positions): string | undefined {
  const frame = readFrame(line);
  if (frame === undefined) return undefined;
  const { name } = frame;
  const async = name === undefined && frame.place.startsWith("async ") ? "async " : "";
  const where = frame.place.slice(async.length);
  if (WASM_PLACE.test(where)) return line;
  const found = PLACE.exec(where);
  const place = found === null ? undefined : describe(positions, found[1], found[2]);
  if (place === undefined) return undefined;
  return name === undefined ? `    at ${async}${place}` : `    at ${name} (${place})`;
}

function describe(
  positions: Positions,
  line: string | undefined,
  column: string | undefined,
): string | undefined {
  const place = originalPlace(positions, Number(line), Number(column));
  return place === undefined ? undefined : `${place.file}:${place.line}:${place.column}`;
}
