import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { expandVariables } from "./expand-variables.ts";

/** What a developer's own machine gives a worker that runs on it. */
export interface LocalSecrets {
  readonly values: Readonly<Record<string, string>>;
  /** Names of the files that it came from. */
  readonly sources: readonly string[];
  /** Absolute paths of all files that could have had a say. */
  readonly files: readonly string[];
}

/** What may be read of the process's own environment. */
export interface LocalOptions {
  readonly env?: string;
  /** Secrets that the config asks for; only these and variables of the config are taken then. */
  readonly required?: readonly string[];
  /** Names of the config's own variables. */
  readonly vars: readonly string[];
  readonly processEnv: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the secrets of local development, by wrangler's rules: `.dev.vars.<env>` or else `.dev.vars`; where there is
 * none, `.env`, `.env.local`, `.env.<env>` and `.env.<env>.local`, of which the later ones win, with all that stands in
 * them, wrangler's own settings too. Variables of the process count where secrets are required or
 * `CLOUDFLARE_INCLUDE_PROCESS_ENV` is `true`. Such settings may stand in these files as well.
 */
export function readLocalSecrets(folder: string, options: LocalOptions): LocalSecrets {
  const { env, required, vars, processEnv } = options;
  const devVars = [...(env === undefined ? [] : [`.dev.vars.${env}`]), ".dev.vars"];
  const envFiles = [".env", ".env.local", ...(env === undefined ? [] : [`.env.${env}`, `.env.${env}.local`])];
  const files = [...devVars, ...envFiles].map((name) => join(folder, name));
  const chosen = devVars.find((name) => existsSync(join(folder, name)));
  const sources = chosen === undefined ? envFiles.filter((name) => existsSync(join(folder, name))) : [chosen];
  const parsed = Object.assign({}, ...sources.map((name) => parse(folder, name))) as Record<string, string>;
  const setting = (name: string): string | undefined => processEnv[name] ?? parsed[name];
  let all = parsed;
  if (chosen === undefined) {
    if (setting("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV") === "false")
      return { values: {}, sources: [], files };
    const isWanted = required !== undefined || setting("CLOUDFLARE_INCLUDE_PROCESS_ENV") === "true";
    const base = isWanted ? definedOf(processEnv) : {};
    // As with dotenv, what the process has already stays.
    all = { ...expandVariables(parsed, base), ...base };
  }
  const isTaken = (name: string): boolean =>
    required === undefined || required.includes(name) || vars.includes(name);
  const values = Object.fromEntries(Object.entries(all).filter(([name]) => isTaken(name)));
  return { values, sources, files };
}

function parse(folder: string, name: string): Record<string, string> {
  return definedOf(parseEnv(readFileSync(join(folder, name), "utf8")));
}

function definedOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
