import type { Attack, Finding } from "./attack.ts";

/** A table of findings: a line for each attack, with what happened in both kinds of cell. */
export function markdown(attacks: readonly Attack[], findings: readonly Finding[]): string {
  const lines = [
    "| attack | in process | ms | MB more | in a process cell | ms | MB more |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  for (const { name, what } of attacks) {
    const cells = (["in-process", "process"] as const).flatMap((cell) => {
      const found = findings.find((it) => it.name === name && it.cell === cell);
      return found === undefined ? ["", "", ""] : columns(found);
    });
    if (cells.some((text) => text !== "")) lines.push(`| ${name} ${what} | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

function columns(found: Finding): string[] {
  const { answerMs, peakMb, beforeMb } = found;
  return [ending(found), String(Math.round(answerMs)), String(Math.round(peakMb - beforeMb))];
}

function ending({ outcome, message, givenUpMs }: Finding): string {
  const lost = givenUpMs < 0 ? "" : `; given up at ${Math.round(givenUpMs)} ms`;
  if (outcome !== "exception") return `${outcome}${lost}`;
  return `${/^\w*Error/.exec(message)?.[0] ?? "exception"}${lost}`;
}
