/**
 * What a flag means in Skerry. `on`: always as with the flag. `off`: always as without it. `absent`: it is about
 * something that Skerry does not have. `unseen`: it changes the inside of Cloudflare's runtime, which no worker sees.
 */
export type FlagState = "on" | "off" | "absent" | "unseen";

/** When a flag holds on Cloudflare without being named. */
export type FlagStart =
  | { readonly kind: "date"; readonly date: string }
  /** From that date on, where the other flag holds. */
  | { readonly kind: "with"; readonly flag: string; readonly date: string }
  /** Never: a worker has to name it. */
  | { readonly kind: "asked" }
  /** Cloudflare takes it from nobody but its own workers. */
  | { readonly kind: "experimental" };

/** One compatibility flag of Cloudflare's runtime. */
export interface CompatibilityFlag {
  readonly enable: string;
  /** The flag that keeps the earlier behaviour; null where there is none. */
  readonly disable: string | null;
  readonly start: FlagStart;
  readonly here: FlagState;
  /** What it changes, or why nothing changes here. */
  readonly note: string;
}

const STATES: readonly string[] = ["on", "off", "absent", "unseen"];

/**
 * Reads flags from a table, one a line: start, flag, opposite flag or `-`, state, note. A start is a day, `asked`,
 * `experimental`, or a day and the flag that has to hold as well.
 */
export function flagRows(table: string): readonly CompatibilityFlag[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [start = "", enable = "", disable = "", here = "", note = ""] = line
        .split("|")
        .map((cell) => cell.trim());
      if (!STATES.includes(here) || note === "") throw new TypeError(`not a row of flags: ${line}`);
      return {
        enable,
        disable: disable === "-" ? null : disable,
        start: readStart(start),
        here: here as FlagState,
        note,
      };
    });
}

function readStart(text: string): FlagStart {
  if (text === "asked" || text === "experimental") return { kind: text };
  const [date = "", flag] = text.split(" ");
  return flag === undefined ? { kind: "date", date } : { kind: "with", flag, date };
}
