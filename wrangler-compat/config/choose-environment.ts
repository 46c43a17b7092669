import { type ConfigReader, show } from "../../src/config/document/config-reader.ts";
import { ConfigScope } from "./config-scope.ts";
import { KEY_OF } from "./keys/config-keys.ts";

/**
 * The scope of an environment, by the rules of wrangler: where the config has no environments at all, one that is asked
 * for is the top level under another name.
 */
export function chooseEnvironment(reader: ConfigReader, env: string | undefined): ConfigScope {
  const environments = reader.table(reader.root, "env");
  if (env === undefined || env === "") return new ConfigScope(reader, undefined);
  const names = Object.keys(environments?.value ?? {});
  if (environments === undefined || names.length === 0) {
    const scope = new ConfigScope(reader, env);
    scope.warn([], `has no environment ${show(env)}, nor any other; the top level is taken for it`);
    return scope;
  }
  if (!names.includes(env)) {
    const known = names.map((one) => JSON.stringify(one)).join(", ");
    reader.problem(["env"], `"env" has no environment ${show(env)}; there are ${known}`);
    return new ConfigScope(reader, env);
  }
  const own = reader.table(environments, env);
  const scope = new ConfigScope(reader, env, own ?? { path: ["env", env], value: {} });
  warnOfWhatIsNotInherited(scope, env);
  return scope;
}

function warnOfWhatIsNotInherited(scope: ConfigScope, env: string): void {
  const top = scope.reader.root;
  const own = scope.environment?.value ?? {};
  for (const key of Object.keys(top.value)) {
    if (KEY_OF.get(key)?.scope !== "own" || Object.hasOwn(own, key)) continue;
    scope.warn(
      [key],
      `"${key}" stands at the top level, but not in "env.${env}", which does not inherit it; add it there`,
    );
  }
  for (const key of ["vars", "define"]) {
    if (!Object.hasOwn(own, key)) continue;
    const here = Object(own[key]) as object;
    for (const entry of Object.keys(Object(top.value[key]) as object)) {
      if (Object.hasOwn(here, entry)) continue;
      scope.warn(
        [key, entry],
        `"${key}.${entry}" stands at the top level, but not in "env.${env}.${key}", which does not inherit it`,
      );
    }
  }
  if (Object.hasOwn(own, "routes") || !Array.isArray(top.value["routes"])) return;
  const domains = (top.value["routes"] as unknown[])
    .map((route) => Object(route) as { custom_domain?: unknown; pattern?: unknown })
    .filter((route) => route.custom_domain === true)
    .map(({ pattern }) => String(pattern));
  if (domains.length > 0)
    scope.warn(
      ["routes"],
      `"env.${env}" inherits the custom domain ${domains.join(", ")} of the top level; give it "routes" of its own`,
    );
}
