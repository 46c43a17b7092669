import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";

/** `vars`: values on `env`. */
export function readVars(scope: ConfigScope, names: BindingNames): Readonly<Record<string, unknown>> {
  const { reader } = scope;
  const vars = reader.table(scope.of("vars"), "vars");
  if (!vars) return {};
  for (const [key, value] of Object.entries(vars.value)) {
    const path = [...vars.path, key];
    names.claim(path, key);
    if (value instanceof Date)
      reader.problem(path, `"${path.join(".")}" is a date; put it in quotes to make it a text`);
  }
  return vars.value;
}

/** `secrets.required`: undefined where the config says nothing of secrets. */
export function readRequiredSecrets(scope: ConfigScope): readonly string[] | undefined {
  const secrets = scope.reader.table(scope.of("secrets"), "secrets");
  if (secrets === undefined) return undefined;
  scope.warnUnknown(secrets, ["required"]);
  return scope.reader.strings(secrets, "required") ?? [];
}
