import { isThere } from "../subjects/peer-package.ts";
import type { Subject } from "../subjects/subject.ts";
import type { Size } from "./experiment.ts";
import { extentOf, type PlannedExperiment } from "./plan.ts";
import { timeText } from "./progress.ts";

/** The one line that installs all peers, and what it brings. */
export const INSTALL_PEERS = "npm ci --prefix bench/peers";
export const PEERS_SIZE = "530 MB";
const HEAD_WIDTH = 14;

/** Says before a run what takes part and what does not, and about how long it takes. */
export function announce(
  plan: readonly PlannedExperiment[],
  wanted: readonly Subject[],
  size: Size,
  ours: string,
): string {
  const { measurements, ms } = extentOf(plan, size, ours);
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const there = wanted.filter((subject) => plan.some(({ subjects }) => subjects.includes(subject)));
  const missing = wanted.filter((subject) => !isThere(subject));
  const idle = wanted.filter((subject) => isThere(subject) && !there.includes(subject));
  const row = (head: string, text: string): string => `  ${head.padEnd(HEAD_WIDTH)} ${text}`;
  const names = (of: readonly Subject[]): string => of.map(({ name }) => name).join(", ");
  return [
    `${count(plan.length, "experiment")}, ${count(size.rounds, "round")}, ${count(measurements, "measurement")}: ${timeText(ms)} on two cores with nothing else to do`,
    row("take part", names(there)),
    ...(missing.length === 0
      ? []
      : [
          row("not installed", names(missing)),
          row("", `${INSTALL_PEERS} installs all (${PEERS_SIZE}), and so does --install-peers here`),
        ]),
    ...(idle.length === 0 ? [] : [row("cannot do it", names(idle))]),
    "  Ctrl-C ends it early: the report is then made of what was measured.",
  ].join("\n");
}
