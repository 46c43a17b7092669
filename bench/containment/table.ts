import type { Attack, Finding } from "./attack.ts";

/** A table of findings: a line for each attack, with what happened in both kinds of cell. */
export function markdown(attacks: readonly Attack[], findings: readonly Finding[]): string {
  const lines = [
    "| attack | in process | ms | grew by, MB | in a process cell | ms | grew by, MB |",
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

function columns({ outcome, answerMs, quietMs, peakMb, beforeMb, catastrophes }: Finding): string[] {
  const lost = catastrophes === 0 ? "" : ", cell given up";
  const running = quietMs < 0 ? ", never ends" : "";
  return [`${outcome}${lost}${running}`, String(Math.round(answerMs)), String(Math.round(peakMb - beforeMb))];
}
