import { BINDING_KINDS } from "../../src/bindings/plug-in/binding-kinds.ts";
import { COMPATIBILITY_FLAGS } from "../../src/versions/compatibility/compatibility-flags.ts";
import { CONFIG_KEYS } from "../../wrangler-compat/config/keys/config-keys.ts";
import { ASSET_REQUESTS } from "../differential/ask-assets.ts";
import { GENERAL } from "../differential/compare.ts";
import { DATES } from "../differential/differential-case.ts";
import { DIFFERENCES } from "../differential/differences.ts";
import { readRecord, type AreaRecord, type DifferentialRecord } from "../differential/record.ts";
import { LACKING } from "../runtime-api/surface-table.ts";
import { commandTable } from "./command-table.ts";
import { namesAsCode, namesOf } from "./row-names.ts";
import {
  BINDINGS,
  COMMANDS,
  HANDLERS,
  LOCAL_COMMANDS,
  MODULES,
  type Row,
  type State,
} from "./cloudflare-commands.ts";

/** The text of `docs/cloudflare-compatibility.md`. */
export function cloudflarePage(): string {
  const record = readRecord();
  return `# Compatibility with Cloudflare Workers

What of Cloudflare's works on a Skerry host, in part or not at all. *Works* means as there, but for the differences that the
[last table](#skerry-beside-workerd) lists; *refused* means that a deploy or a call says what is missing, and nothing is
done by halves. \`npm run pages\` writes this page from tables in the code and from what the suite in
\`test/differential/\` found; tests compare both.

| | works | partly | refused |
| --- | --- | --- | --- |
${summary(record)}

## Globals

Of a worker at the compatibility date ${DATES[1]}. Members are compared name by name; beside V8's own. What Skerry has beyond
Cloudflare is not listed: it follows the web's standards, see [web-apis.md](web-apis.md) and [conformance.md](conformance.md).

${globals(record)}

## Modules

${table("module", MODULES)}

${exportsOf(record, "cloudflare:workers", "`cloudflare:workers`")}

## Handlers and \`ctx\`

${table("handler", HANDLERS)}

${exportsOf(record, "ctx", "`ctx`")} \`passThroughOnException\` has no effect: there is no origin behind a worker.

## Bindings

${table("type", BINDINGS)}

Others are refused unless the embedder gives a handler for their type (\`HostOptions.bindings\`). Those whose interface
is made of plain calls can be answered in full:

${plugIns()}

## Keys of wrangler's config

For \`skerry dev\` and \`skerry deploy\`; the stock wrangler reads its config itself. [config-keys.md](config-keys.md) says what each
does.

${configKeys()}

## Compatibility dates and flags

${flags()} [compatibility-flags.md](compatibility-flags.md) has all of them, and what a new worker finds otherwise than on Cloudflare.

## Commands of wrangler

${commandTable()}

## Skerry beside workerd

Small workers run on Skerry and on workerd ${WORKERD} with the same requests, at the oldest and the newest compatibility date in use
(${DATES.join(", ")}). Status, headers, body, outcome, logged lines and uncaught errors are compared, and each value that a
worker looks at. \`npm test -- differential\` fails where something differs that is not listed here, and where something
listed does not differ any more. There is one behaviour for all dates: *older date* counts what Skerry does as workerd does at the
newest date, and workerd at the oldest does not.

| area | cases | checks | equal | older date | of a kind | listed |
| --- | --- | --- | --- | --- | --- | --- |
${areas(record)}

The areas of static assets are asked of Cloudflare's own asset worker and router, which wrangler ${WRANGLER} brings (miniflare, as in
\`wrangler dev\`), in front of the same workers; \`CF-Cache-Status\`, which a cache would say, is left out.
Beside them ${ASSET_REQUESTS} requests of sites with each \`html_handling\` and \`not_found_handling\`, and with \`_headers\` and \`_redirects\`,
get the same status, location, headers and body from workerd's own assets service.

Differences *of a kind*, which many cases have:

${Object.values(GENERAL)
  .map((words) => `- ${words}.`)
  .join("\n")}

Differences that are *listed*, with the number of cases:

${DIFFERENCES.map(({ reason }, index) => `- ${reason}. (${record.reasons[index]})`).join("\n")}
`;
}

const WORKERD = "1.20261117.1";
const WRANGLER = "4.164.0";

function table(head: string, rows: readonly Row[]): string {
  const lines = rows.map(([names, state, note]) => `| ${namesAsCode(names)} | ${state} | ${note} |`);
  return [`| ${head} | | |`, "| --- | --- | --- |", ...lines].join("\n");
}

interface GlobalRow {
  readonly name: string;
  readonly state: State;
  readonly note: string;
}

function globalRows({ surface }: DifferentialRecord): GlobalRow[] {
  return Object.entries(surface.names)
    .filter(([name]) => !(name in surface.has))
    .map(([name, missing]): GlobalRow => {
      if (missing === null) return { name, state: "refused", note: LACKING[name] ?? "not there" };
      if (missing.length === 0) return { name, state: "works", note: "" };
      return { name, state: "partly", note: `without ${missing.map((key) => `\`${key}\``).join(", ")}` };
    });
}

function globals(record: DifferentialRecord): string {
  const rows = globalRows(record);
  const whole = rows.filter(({ state }) => state === "works").map(({ name }) => `\`${name}\``);
  const rest = rows.filter(({ state }) => state !== "works");
  const lines = rest.map(({ name, state, note }) => `| \`${name}\` | ${state} | ${note} |`);
  return `Works: ${whole.join(" ")}\n\n| global | | |\n| --- | --- | --- |\n${lines.join("\n")}`;
}

function exportsOf({ surface }: DifferentialRecord, name: string, title: string): string {
  const list = (names: readonly string[]): string => names.map((key) => `\`${key}\``).join(", ");
  return `${title} has ${list(surface.has[name] ?? [])}; not ${list(surface.names[name] ?? [])}.`;
}

function plugIns(): string {
  const kinds = Object.entries(BINDING_KINDS).filter(([type]) => type !== "assets");
  const rows = kinds.map(([type, { title, methods = [], oneWay = [] }]) => {
    const all = [...methods, ...oneWay].map((name) => `\`${name}\``).join(", ");
    return `| \`${type}\` | ${title} | ${all === "" ? "refused" : `refused, or a plug-in: ${all}`} |`;
  });
  return ["| type | | |", "| --- | --- | --- |", ...rows].join("\n");
}

function configKeys(): string {
  const all = Object.values(CONFIG_KEYS).flat();
  return (["honoured", "partly", "plug-in", "ignored", "refused"] as const)
    .map((state) => {
      const keys = all.filter((row) => row.state === state).map(({ key }) => `\`${key}\``);
      return `- **${state}** (${keys.length}): ${keys.join(" ")}`;
    })
    .join("\n");
}

function flags(): string {
  const all = Object.values(COMPATIBILITY_FLAGS).flat();
  const count = (state: string): number => all.filter(({ here }) => here === state).length;
  return `Of the ${all.length} flags of the runtime ${count("on")} are always on, ${count("off")} always off, ${count("absent")} are about what is not there, and ${count("unseen")} no worker sees.`;
}

function summary(record: DifferentialRecord): string {
  const keys = Object.values(CONFIG_KEYS).flat();
  const keyCount = (...states: string[]): number => keys.filter(({ state }) => states.includes(state)).length;
  const line = (title: string, rows: readonly { readonly state: State }[]): string => {
    const count = (state: State): number => rows.filter((row) => row.state === state).length;
    return `| ${title} | ${count("works")} | ${count("partly")} | ${count("refused")} |`;
  };
  /** Rows name several things at once. */
  const each = (rows: readonly Row[]): { readonly state: State }[] =>
    rows.flatMap(([names, state]) => namesOf(names).map(() => ({ state })));
  const others = Object.keys(BINDING_KINDS).filter((type) => type !== "assets");
  return [
    line("globals", globalRows(record)),
    line("modules", each(MODULES)),
    line("handlers and entrypoints", each(HANDLERS)),
    line("types of bindings", [...each(BINDINGS), ...others.map(() => ({ state: "refused" as const }))]),
    `| keys of wrangler's config | ${keyCount("honoured")} (${keyCount("ignored")} more mean nothing on a host) | ${keyCount("partly")} | ${keyCount("refused")} (${keyCount("plug-in")} more need a plug-in) |`,
    line("commands of wrangler", each([...COMMANDS, ...LOCAL_COMMANDS])),
  ].join("\n");
}

function areas({ areas: all }: DifferentialRecord): string {
  const cells = ({ cases, checks, equal, dates, general, listed }: AreaRecord): string =>
    [cases, checks, equal, dates, general, listed].join(" | ");
  const sum = (key: keyof AreaRecord): number =>
    Object.values(all).reduce((total, area) => total + area[key], 0);
  const total: AreaRecord = {
    cases: sum("cases"),
    checks: sum("checks"),
    equal: sum("equal"),
    dates: sum("dates"),
    general: sum("general"),
    listed: sum("listed"),
  };
  return [
    ...Object.entries(all).map(([name, area]) => `| ${name} | ${cells(area)} |`),
    `| **all** | ${cells(total)} |`,
  ].join("\n");
}
