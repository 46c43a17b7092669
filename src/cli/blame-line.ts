import type { BlameReport, CatastropheReport, QuarantineEntry } from "../index.ts";
import { printable } from "./printable.ts";

/** What a worker did to its cell, in one line for operators. */
export function blameLine({ verdict, event, ranMs, rssBytes, reason, message }: BlameReport): string {
  const who = verdict === "culprit" ? "ended its cell" : "is one of those who may have ended their cell";
  const what =
    event === null ? "" : printable(`, in ${event.method ?? event.kind} ${event.url ?? ""}`.trimEnd());
  const ran = ranMs > 0 ? `, after ${Math.round(ranMs)} ms` : "";
  const held = rssBytes > 0 ? `, at ${Math.round(rssBytes / 1024 ** 2)} MB` : "";
  return `${who} (${reason}${what}${ran}${held}): ${oneLine(message)}`;
}

/** What became of a cell that could not be stopped, or of this process where that has no other. */
export function catastropheLine({ cell, message }: CatastropheReport): string {
  return `${cell === "in-process" ? "goes on for ever" : "cell replaced"}: ${oneLine(message)}`;
}

/** What became of a worker that ended cells, in a few words. */
export function quarantineLine({ state, strikes, pauses, untilMs }: QuarantineEntry): string {
  if (untilMs !== null)
    return `paused until ${new Date(untilMs).toISOString()} (for the ${ordinal(pauses)} time)`;
  if (state === "probation") return "on probation: one strike more pauses it again";
  return `watched: ${strikes} ${strikes === 1 ? "strike" : "strikes"}`;
}

/** A message may hold what a dying process printed. */
export function oneLine(text: string): string {
  const flat = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
  return printable(flat.length > 300 ? `${flat.slice(0, 300)}…` : flat);
}

function ordinal(count: number): string {
  const suffix =
    count % 10 > 3 || Math.floor((count % 100) / 10) === 1 ? "th" : ["th", "st", "nd", "rd"][count % 10];
  return `${count}${suffix}`;
}
