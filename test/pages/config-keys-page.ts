import type { ConfigKey, KeyState } from "../../wrangler-compat/config/keys/config-key.ts";
import { CONFIG_KEYS } from "../../wrangler-compat/config/keys/config-keys.ts";

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
`;
}

function table(rows: readonly ConfigKey[]): string {
  const lines = rows.map(
    ({ key, scope, state, note }) => `| \`${key}\` | ${SCOPES[scope]} | ${state} | ${note} |`,
  );
  return ["| key | environments | state | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}
