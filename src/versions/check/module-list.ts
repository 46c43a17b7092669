import { canonicalName, collisionKey, nameProblem } from "../module-names.ts";
import { MAX_MODULES, MODULE_TYPES } from "../upload.ts";
import type { WorkerUpload } from "../upload.ts";
import type { Problem } from "../upload-refused.ts";

/** Checks names and types of an upload's modules, and that they make up one worker. */
export function checkModuleList({ modules, main }: WorkerUpload): Problem[] {
  const problems: Problem[] = [];
  const refuse = (file: string, reason: string): void => {
    problems.push({ file: printable(file), line: null, column: null, reason });
  };
  if (modules.length > MAX_MODULES) {
    refuse(main, `the upload has ${modules.length} modules; at most ${MAX_MODULES} are allowed`);
    return problems;
  }
  const byKey = new Map<string, string>();
  for (const { name, type } of modules) {
    const reason = nameProblem(name);
    if (reason !== undefined) {
      refuse(name, reason);
      continue;
    }
    if (!MODULE_TYPES.includes(type)) {
      refuse(
        name,
        `the type ${JSON.stringify(printable(String(type)))} is not one of ${MODULE_TYPES.join(", ")}`,
      );
    }
    const key = collisionKey(canonicalName(name) ?? name);
    const other = byKey.get(key);
    if (other === undefined) byKey.set(key, name);
    else refuse(name, `the name is taken by "${other}"; names must differ in more than case or spelling`);
  }
  checkMain(modules, main, refuse);
  return problems;
}

function checkMain(
  modules: WorkerUpload["modules"],
  main: string,
  refuse: (file: string, reason: string) => void,
): void {
  const wanted = canonicalName(main);
  const found = modules.find(({ name }) => canonicalName(name) === wanted);
  if (found === undefined) return refuse(main, "the main module is not among the uploaded modules");
  if (found.type !== "esm" && found.type !== "cjs" && found.type !== "script") {
    return refuse(main, `the main module must be code (esm, cjs or script), not ${found.type}`);
  }
  for (const module of modules) {
    if (module === found) continue;
    if (module.type === "script") refuse(module.name, "only the main module can be of type script");
    else if (found.type === "script" && (module.type === "esm" || module.type === "cjs")) {
      refuse(
        module.name,
        `a worker in service-worker format has one script; ${module.type} modules need an ES module as main`,
      );
    }
  }
}

/** Names go into messages, so they are cut and stripped of what would break a line. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  const clean = text.toWellFormed().replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, "?");
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}
