/** What Skerry makes of a key; `plug-in`: it is for hosts whose embedder answers such bindings, and refused by others. */
export type KeyState = "honoured" | "partly" | "ignored" | "refused" | "plug-in";

/**
 * Which table of a config a key may stand in: `inherited` (an environment has that of the top level unless it says
 * otherwise), `own` (each environment has its own or none), or `top` (the top level alone).
 */
export type KeyScope = "inherited" | "own" | "top";

/** What a value of a key has to look like at least. */
export type KeyShape = "text" | "switch" | "texts" | "table" | "tables" | "route" | "list" | "pairs";

/** One key of wrangler's config. */
export interface ConfigKey {
  readonly key: string;
  readonly scope: KeyScope;
  readonly shape: KeyShape;
  readonly state: KeyState;
  /** What it does; why it is ignored; or what is missing where it is refused. */
  readonly note: string;
}

/** Reads keys from a table, one a line: key, scope, shape, state, note. */
export function keyRows(table: string): readonly ConfigKey[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [key = "", scope = "", shape = "", state = "", note = ""] = line
        .split("|")
        .map((cell) => cell.trim());
      if (note === "") throw new TypeError(`not a row of keys: ${line}`);
      return {
        key,
        scope: scope as KeyScope,
        shape: shape as KeyShape,
        state: state as KeyState,
        note,
      };
    });
}
