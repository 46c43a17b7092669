import { plugInProblems } from "../bindings/plug-in/ready-plug-in.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import type { HostOptions, ListenOptions } from "../host-options.ts";
import { ConfigReader, show } from "./document/config-reader.ts";
import { readHostSettings, SETTING_KEYS } from "./host-settings.ts";

/** Options that are not what they may be. `problems` has one line each. */
export class InvalidOptions extends SkerryError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super("INVALID_OPTIONS", problems.join("\n"));
    this.problems = problems;
  }
}

const CALLBACKS = [
  "onEvent",
  "onLog",
  "onStart",
  "onCatastrophe",
  "onBlame",
  "onQuarantine",
  "onRollback",
  "onInternalError",
] as const;
const HOST_KEYS: readonly (keyof HostOptions)[] = [...SETTING_KEYS, "liveClock", "bindings", ...CALLBACKS];
const LISTEN_KEYS: readonly (keyof ListenOptions)[] = [
  "port",
  "hostname",
  "trustedProxies",
  "maxConnections",
  "maxConnectionsPerAddress",
  "fallback",
  "paths",
];

/** @throws InvalidOptions naming every option that is wrong, its value and what is allowed. */
export function checkHostOptions(options: HostOptions): void {
  const reader = readerOf(options);
  const { root } = reader;
  reader.only(root, HOST_KEYS);
  readHostSettings(reader, root);
  reader.boolean(root, "liveClock");
  for (const key of CALLBACKS) reader.read(root, key, "a function", isFunction);
  const plugIns = reader.table(root, "bindings");
  for (const [type, plugIn] of Object.entries(plugIns?.value ?? {}))
    for (const problem of plugInProblems(type, plugIn)) reader.problem(["bindings", type], problem);
  finish(reader);
}

/** @throws InvalidOptions naming every option that is wrong, its value and what is allowed. */
export function checkListenOptions(options: ListenOptions): void {
  const reader = readerOf(options);
  const { root } = reader;
  reader.only(root, LISTEN_KEYS);
  reader.integer(root, "port", 0, 65_535);
  reader.hostname(root, "hostname");
  reader.ranges(root, "trustedProxies");
  reader.integer(root, "maxConnections", 1, 1_000_000);
  reader.integer(root, "maxConnectionsPerAddress", 1, 1_000_000);
  reader.read(root, "fallback", "a function", isFunction);
  const paths = reader.table(root, "paths");
  for (const path of Object.keys(paths?.value ?? {})) {
    if (!path.startsWith("/"))
      reader.problem(["paths", path], `"paths" has ${show(path)}; a path begins with /`);
    reader.read(paths!, path, "a function", isFunction);
  }
  finish(reader);
}

function readerOf(options: object): ConfigReader {
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptions([`the options are ${show(options)}; they must be an object`]);
  }
  return new ConfigReader({ file: "options", value: { ...options }, positionOf: () => undefined });
}

function isFunction(value: unknown): value is Function {
  return typeof value === "function";
}

function finish({ problems }: ConfigReader): void {
  if (problems.length > 0) throw new InvalidOptions(problems.map(({ message }) => message));
}
