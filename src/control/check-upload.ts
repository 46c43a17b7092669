import { assetUploadProblems } from "../assets/check-upload-assets.ts";
import type { ServiceBindingOptions, WorkerUpload } from "../host-options.ts";
import { isLabel, LABEL_RULE } from "../ids/label.ts";
import { ISOLATIONS } from "../limits/isolation.ts";
import { cronProblems } from "../events/cron/check-crons.ts";
import { parseRoute } from "../route/parse-route.ts";
import {
  compatibilityDateProblem,
  compatibilityFlagProblems,
} from "../versions/compatibility/check-compatibility.ts";
import { isBindingName } from "./binding-name.ts";
import { checkMore, checkNamespace, countMore, tailConsumerProblems } from "./check-more-bindings.ts";
import { checkSecrets } from "./check-secrets.ts";
import { InvalidUpload } from "./invalid-upload.ts";
import { rollbackProblems } from "./rollback-options.ts";
import { jsonOf, show } from "./show-value.ts";

/** Keys of an upload; anything else is a misspelling. */
const KEYS = new Set([
  "account",
  "name",
  "main",
  "modules",
  "sourceMaps",
  "assets",
  "vars",
  "kvNamespaces",
  "services",
  "rateLimits",
  "versionMetadata",
  "plugIns",
  "tailConsumers",
  "secrets",
  "routes",
  "alias",
  "autoRollback",
  "crons",
  "limits",
  "isolation",
  "compatibilityDate",
  "compatibilityFlags",
]);
const MODULE_TYPES = ["esm", "cjs", "script", "text", "json", "data", "wasm"];
const ALIAS = /^[a-z]([a-z0-9-]{0,58}[a-z0-9])?$/;
const MAX_BINDINGS = 1_000;
const MAX_VARS_CHARS = 1024 * 1024;
const MAX_PROPS_CHARS = 64 * 1024;
/** Patterns that lead to one worker. */
export const MAX_ROUTES = 1_000;

/**
 * Checks the fields of an upload; its code is the transformer's to check.
 * @throws InvalidUpload naming every field, its value and what would be right.
 */
export function checkUpload(upload: WorkerUpload): void {
  const problems: string[] = [];
  for (const key of Object.keys(upload)) {
    if (!KEYS.has(key))
      problems.push(`${key} is not a field of an upload; the fields are ${[...KEYS].join(", ")}`);
  }
  checkLabel(problems, "name", upload.name);
  if (upload.account !== undefined) checkLabel(problems, "account", upload.account);
  problems.push(...assetUploadProblems(upload));
  if (upload.assets === undefined || upload.main !== undefined || upload.modules !== undefined)
    checkModules(problems, upload);
  checkBindings(problems, upload);
  checkRoutes(problems, upload.routes ?? []);
  const alias: unknown = upload.alias ?? "none";
  if (typeof alias !== "string" || !ALIAS.test(alias))
    problems.push(
      `alias is ${show(alias)}; it must be 1 to 60 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"`,
    );
  if (upload.autoRollback !== undefined)
    problems.push(...rollbackProblems("autoRollback", upload.autoRollback));
  problems.push(...cronProblems(upload.crons ?? []));
  problems.push(...tailConsumerProblems(upload.tailConsumers ?? []));
  if (upload.isolation !== undefined && !ISOLATIONS.includes(upload.isolation))
    problems.push(`isolation is ${show(upload.isolation)}; it must be one of ${ISOLATIONS.join(", ")}`);
  if (upload.compatibilityDate !== undefined) {
    const wrong = compatibilityDateProblem(upload.compatibilityDate);
    if (wrong !== undefined) problems.push(`compatibilityDate is ${wrong}`);
  }
  for (const wrong of compatibilityFlagProblems(upload.compatibilityFlags ?? []))
    problems.push(`compatibilityFlags: ${wrong}`);
  if (problems.length > 0) throw new InvalidUpload(problems);
}

function checkLabel(problems: string[], field: string, value: unknown): void {
  if (!isLabel(value)) problems.push(`${field} is ${show(value)}; ${LABEL_RULE}`);
}

function checkModules(problems: string[], { main, modules }: WorkerUpload): void {
  if (typeof main !== "string" || main === "") problems.push(`main is ${show(main)}; it must name a module`);
  if (!Array.isArray(modules) || modules.length === 0) {
    problems.push("modules must be a list with at least one module");
    return;
  }
  for (const [index, module] of modules.entries()) {
    const at = `modules[${index}]`;
    if (typeof module?.name !== "string" || module.name === "") problems.push(`${at}.name must be a text`);
    if (!MODULE_TYPES.includes(module?.type)) {
      problems.push(`${at}.type is ${show(module?.type)}; it must be one of ${MODULE_TYPES.join(", ")}`);
    }
    if (typeof module?.content !== "string" && !(module?.content instanceof Uint8Array)) {
      problems.push(`${at}.content must be a text or a Uint8Array`);
    }
  }
}

function checkBindings(problems: string[], upload: WorkerUpload): void {
  const { vars = {}, kvNamespaces = [], services = [], secrets = {}, assets } = upload;
  const seen = new Set<string>();
  const check = (field: string, name: unknown): void => {
    if (!isBindingName(name)) {
      problems.push(`${field} is ${show(name)}; it must be a JavaScript name of at most 128 characters`);
    } else if (seen.has(name)) {
      problems.push(`${field} is ${show(name)}, which another binding has already`);
    } else seen.add(name);
  };
  let varsChars = 0;
  const count = Object.keys(vars).length + kvNamespaces.length + services.length + countMore(upload);
  if (count > MAX_BINDINGS) {
    problems.push(`vars and bindings are ${count}; at most ${MAX_BINDINGS} are allowed`);
    return;
  }
  for (const [name, value] of Object.entries(vars)) {
    check(`vars.${name}`, name);
    const json = jsonOf(value);
    if (json === undefined) problems.push(`vars.${name} has no JSON form`);
    varsChars += name.length + (json?.length ?? 0);
  }
  if (varsChars > MAX_VARS_CHARS)
    problems.push(`vars has ${varsChars} characters as JSON; at most ${MAX_VARS_CHARS} are allowed`);
  for (const [index, namespace] of kvNamespaces.entries()) {
    check(`kvNamespaces[${index}].binding`, namespace.binding);
    checkNamespace(problems, `kvNamespaces[${index}].id`, namespace.id);
  }
  for (const [index, service] of services.entries()) {
    check(`services[${index}].binding`, service.binding);
    checkService(problems, `services[${index}]`, service);
  }
  if (assets?.binding !== undefined) check("assets.binding", assets.binding);
  checkMore(problems, upload, check);
  checkSecrets(problems, secrets);
  for (const name of Object.keys(Object(secrets) as object)) {
    if (seen.has(name)) problems.push(`secrets.${name} has the name of another binding`);
  }
}

function checkService(
  problems: string[],
  at: string,
  { service, entrypoint, props }: ServiceBindingOptions,
): void {
  checkLabel(problems, `${at}.service`, service);
  if (entrypoint !== undefined && !isBindingName(entrypoint))
    problems.push(`${at}.entrypoint is ${show(entrypoint)}; it must be the name of an export`);
  const json = props === undefined ? "" : jsonOf(props);
  if (json === undefined || json.length > MAX_PROPS_CHARS)
    problems.push(`${at}.props must have a JSON form of at most ${MAX_PROPS_CHARS} characters`);
}

function checkRoutes(problems: string[], routes: readonly string[]): void {
  if (routes.length > MAX_ROUTES) {
    problems.push(`routes has ${routes.length} entries; a worker may have at most ${MAX_ROUTES}`);
    return;
  }
  for (const [index, pattern] of routes.entries()) {
    try {
      parseRoute(pattern);
    } catch (error) {
      problems.push(`routes[${index}]: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
