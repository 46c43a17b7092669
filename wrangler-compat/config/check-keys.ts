import { isTable, name, type Section } from "../../src/config/document/config-reader.ts";
import type { ConfigScope } from "./config-scope.ts";
import type { ConfigKey, KeyShape } from "./keys/config-key.ts";
import { KEY_OF } from "./keys/config-keys.ts";
import { FORMER_KEYS, GENERATED_KEYS } from "./keys/former-keys.ts";

/** Checks the keys themselves: unknown ones, those that are ignored or refused, and the form of what nothing reads. */
export function checkKeys(scope: ConfigScope): void {
  const { reader, environment } = scope;
  if (environment !== undefined) checkSection(scope, environment);
  checkSection(scope, reader.root);
  for (const row of KEY_OF.values()) {
    const section = scope.of(row.key);
    if (!Object.hasOwn(section.value, row.key)) continue;
    const path = [...section.path, row.key];
    if (row.state === "refused" && asksForSomething(section.value[row.key]))
      reader.problem(path, `${name(path)} asks for what Skerry does not have: ${row.note}`);
    if (row.state === "ignored" && asksForSomething(section.value[row.key]))
      scope.warn(path, `${name(path)} is ignored: ${row.note}`);
  }
}

/** Whether a value says anything: tools write all keys, and most of them empty. */
export function asksForSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (typeof value !== "object" || value instanceof Date) return true;
  return Object.values(value).some(asksForSomething);
}

function checkSection(scope: ConfigScope, section: Section): void {
  const isTop = section === scope.reader.root;
  for (const [key, value] of Object.entries(section.value)) {
    const row = KEY_OF.get(key);
    if (row !== undefined && (isTop || row.scope !== "top")) checkForm(scope, section, row);
    else if (row !== undefined)
      scope.warnIgnored(section, key, "it may stand at the top level only, and holds for all environments");
    else if (Object.hasOwn(FORMER_KEYS, key) && !GENERATED_KEYS.has(key))
      scope.warnIgnored(section, key, FORMER_KEYS[key] ?? "");
    else if (key === "legacy_env" && value === false)
      scope.reader.problem(
        [...section.path, key],
        '"legacy_env" is false; every environment is a worker of its own',
      );
    else if (!GENERATED_KEYS.has(key)) warnUnknownKey(scope, section, key);
  }
}

function warnUnknownKey(scope: ConfigScope, section: Section, key: string): void {
  const known = [...KEY_OF.keys()];
  const [problem] = scope.reader.unknownKeys({ ...section, value: { [key]: section.value[key] } }, known);
  const path = [...section.path, key];
  const message = problem?.message.includes("did you mean")
    ? problem.message
    : `${name(path)} is no key of wrangler's config, and is ignored`;
  scope.warn(path, message);
}

const FORMS: Readonly<Record<KeyShape, readonly [allowed: string, accept: (value: unknown) => boolean]>> = {
  text: ["a text", (value) => typeof value === "string"],
  switch: ["true or false", (value) => typeof value === "boolean"],
  texts: [
    "a list of texts",
    (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  ],
  table: ["a table (object)", isTable],
  tables: ["a list of tables", (value) => Array.isArray(value) && value.every(isTable)],
  list: ["a list", Array.isArray],
  route: ["a text or a table", (value) => typeof value === "string" || isTable(value)],
  pairs: [
    "a table of texts",
    (value) => isTable(value) && Object.values(value as object).every((one) => typeof one === "string"),
  ],
};

/** Keys that have a reader are checked there, with more to say. */
function checkForm({ reader }: ConfigScope, section: Section, { key, shape, state }: ConfigKey): void {
  const hasReader = state !== "ignored" && state !== "refused" && key !== "$schema";
  if (hasReader) return;
  const [allowed, accept] = FORMS[shape];
  reader.read(section, key, allowed, (value): value is unknown => accept(value));
}
