import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";

/** Keys of a configuration that ask nothing of a host, or what every host has. */
const PLAIN = new Set(
  `$schema name main compatibility_date account_id workers_dev dev rules build no_bundle minify observability placement
   upload_source_maps find_additional_modules keep_vars env send_metrics define alias type preview_urls access`.split(
    /\s+/,
  ),
);

/** What a project's configuration asks of a host: keys of bindings and the like, and its flags. */
export function needsOf(folder: string, args: readonly string[]): string[] {
  const at = args.indexOf("--env");
  const config = readConfig(folder, configIn(args));
  const env =
    at === -1 ? undefined : (config["env"] as Record<string, object> | undefined)?.[args[at + 1] ?? ""];
  const whole: Record<string, unknown> = { ...config, ...env };
  const flags = Array.isArray(whole["compatibility_flags"]) ? whole["compatibility_flags"] : [];
  const keys = Object.keys(whole).filter((key) => !PLAIN.has(key) && key !== "compatibility_flags");
  return [...keys, ...flags.map(String), ...(at === -1 ? [] : ["environments"])].toSorted();
}

function configIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "--config" || arg === "-c");
  return at === -1 ? undefined : args[at + 1];
}

function readConfig(folder: string, named: string | undefined): Record<string, unknown> {
  const names = readdirSync(folder);
  const name =
    named ?? ["wrangler.json", "wrangler.jsonc", "wrangler.toml"].find((file) => names.includes(file));
  if (name === undefined) return {};
  const text = readFileSync(join(folder, name), "utf8");
  return (
    name.endsWith(".toml") ? parseToml(text) : parseJsonc(text, [], { allowTrailingComma: true })
  ) as Record<string, unknown>;
}
