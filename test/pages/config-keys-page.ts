import type { ConfigKey, KeyState } from "../../wrangler-compat/config/keys/config-key.ts";
import { CONFIG_KEYS } from "../../wrangler-compat/config/keys/config-keys.ts";
import { nestedKey } from "../../wrangler-compat/config/keys/nested-keys.ts";
import { nestedPaths } from "../wrangler-compat/config/wrangler-schema.ts";

const STATES: readonly (readonly [KeyState, string])[] = [
  ["honoured", "does what it does for wrangler"],
  ["partly", "does some of it"],
  ["ignored", "changes nothing; said once when the worker is loaded"],
  [
    "plug-in",
    "for hosts whose embedder answers such bindings: [plug-ins.md](plug-ins.md); other hosts and `skerry dev` refuse it",
  ],
  ["refused", "stops the command, unless it asks for nothing: an empty list or table, `false`"],
];

const SCOPES = {
  inherited: "inherited",
  own: "own",
  top: "top only",
} as const;

/** The text of `docs/config-keys.md`. */
export function configKeysPage(): string {
  const all = Object.values(CONFIG_KEYS).flat();
  const nested = nestedRows();
  const states = STATES.map(
    ([state, what]) => `| ${state} | ${what} | ${all.filter((row) => row.state === state).length} |`,
  );
  const sections = Object.entries(CONFIG_KEYS).map(([title, rows]) => `## ${title}\n\n${table(rows)}`);
  return `# Keys of wrangler's config

\`skerry dev\` and \`skerry deploy\` read \`wrangler.json\`, \`wrangler.jsonc\` or \`wrangler.toml\`: see [dev.md](dev.md). This is what
they make of each of the ${all.length} keys that wrangler 4.164 has. (The stock wrangler reads its config itself, and asks a host
for what it needs: see [wrangler.md](wrangler.md).) \`npm run pages\` writes this page from \`wrangler-compat/config/keys/\`; a
test compares the table with wrangler's own schema.

| state | | keys |
| --- | --- | --- |
${states.join("\n")}

In an environment a key is *inherited* from the top level unless the environment has it, or is the environment's *own*:
what the top level says does not hold there. Some keys stand at the *top only*.

${sections.join("\n\n")}

## Keys inside others

The ${nested.length} keys inside those above, from wrangler's schema: \`[]\` stands for each element of a list, \`*\` for any name. A test
reads a config with each of them. \`previews\` has a config of its own in it, and is ignored as a whole.

${nestedTable(nested)}
`;
}

interface Nested {
  readonly key: string;
  readonly path: string;
  readonly state: KeyState;
  readonly note: string;
}

function nestedRows(): readonly Nested[] {
  return Object.values(CONFIG_KEYS)
    .flat()
    .flatMap(({ key }) => nestedPaths(key).map(({ path }) => ({ ...nestedKey(path)!, key })));
}

/** Neighbours of which the same is said share a row. */
function nestedTable(nested: readonly Nested[]): string {
  const rows = Map.groupBy(nested, ({ key, state, note }) => `${key} | ${state} | ${note}`);
  const lines = [...rows.values()].map((group) => {
    const [{ key, state, note }] = group as [Nested];
    const paths = group.map(({ path }) => `\`${path.slice(key.length).replace(/^\./, "")}\``);
    return `| \`${key}\` | ${paths.join(" ")} | ${state} | ${note} |`;
  });
  return ["| key | keys inside | state | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

function table(rows: readonly ConfigKey[]): string {
  const lines = rows.map(
    ({ key, scope, state, note }) => `| \`${key}\` | ${SCOPES[scope]} | ${state} | ${note} |`,
  );
  return ["| key | environments | state | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}
