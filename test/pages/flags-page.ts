import type { CompatibilityFlag, FlagStart } from "../../src/versions/compatibility/compatibility-flag.ts";
import { COMPATIBILITY_FLAGS, KNOWN_UNTIL } from "../../src/versions/compatibility/compatibility-flags.ts";

/** The text of `docs/compatibility-flags.md`. */
export function flagsPage(): string {
  const all = Object.values(COMPATIBILITY_FLAGS).flat();
  const count = (state: CompatibilityFlag["here"]): number => all.filter(({ here }) => here === state).length;
  const byDate = all.filter(({ here, start }) => here === "off" && start.kind === "date");
  const sections = Object.entries(COMPATIBILITY_FLAGS).map(
    ([title, flags]) => `## ${title}\n\n${table(flags)}`,
  );
  return `# Compatibility dates and flags

Cloudflare's runtime changes its behaviour by the worker's \`compatibility_date\` and \`compatibility_flags\`. Skerry keeps both
with a version, and shows them. It has one behaviour, mostly the newest: a date or a flag changes nothing here, but a
flag has to be one that Cloudflare's runtime knows.

- A date is a day, and not after today. (Cloudflare's runtime refuses days after its own release as well.)
- A flag that is unknown, two that contradict each other, and an experiment of Cloudflare's are refused by name, whichever
  way a worker is deployed. A known flag that changes nothing here is taken.
- A flag does not bring what is not there: a worker that imports a \`node:\` module is refused for that import.

The ${all.length} flags of the runtime of ${KNOWN_UNTIL} are below (\`npm run pages\` writes this page from
\`src/versions/compatibility/\`).

| state | | flags |
| --- | --- | --- |
| on | always as with the flag | ${count("on")} |
| off | always as without it | ${count("off")} |
| absent | about something that Skerry does not have | ${count("absent")} |
| unseen | inside Cloudflare's runtime; no worker sees it | ${count("unseen")} |

## What a new worker finds otherwise than on Cloudflare

These flags hold on Cloudflare from their day on, and not here:

${byDate.map(({ enable, start, note }) => `- \`${enable}\` (${startText(start)}): ${note}.`).join("\n")}

A worker of an old date finds the newer behaviour of each flag that is on.

${sections.join("\n\n")}
`;
}

function table(flags: readonly CompatibilityFlag[]): string {
  const rows = flags.map(({ enable, disable, start, here, note }) => {
    const opposite = disable === null ? "" : ` / \`${disable}\``;
    return `| ${startText(start)} | \`${enable}\`${opposite} | ${here} | ${note} |`;
  });
  return [
    "| on Cloudflare | flag / opposite | here | what it changes |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function startText(start: FlagStart): string {
  if (start.kind === "date") return `from ${start.date}`;
  if (start.kind === "with") return `with \`${start.flag}\` from ${start.date}`;
  return start.kind === "asked" ? "if asked for" : "experiment";
}
