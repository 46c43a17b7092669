import type { ConfigDocument } from "../../src/config/document/config-document.ts";
import { ConfigReader, name, show, type Section } from "../../src/config/document/config-reader.ts";
import { cronProblems, type ServiceBindingOptions } from "../../src/index.ts";
import type { WranglerConfig } from "./wrangler-config.ts";

const READ = [
  "$schema",
  "name",
  "main",
  "compatibility_date",
  "vars",
  "kv_namespaces",
  "route",
  "routes",
  "limits",
  "triggers",
  "services",
];

/**
 * Checks a wrangler config. Keys that Skerry does not know are listed in `ignored`.
 *
 * @throws ConfigError with every key that is wrong, its value and what is allowed.
 */
export function readWranglerConfig(document: ConfigDocument): WranglerConfig {
  const reader = new ConfigReader(document);
  const { root } = reader;
  const workerName = reader.string(
    root,
    "name",
    '1 to 63 of a-z, 0-9, "-" and "_", beginning and ending with a letter or digit',
    /^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$/,
  );
  const main = reader.string(root, "main", "the path of the worker's entry file", /\S/);
  if (!Object.hasOwn(root.value, "main")) {
    reader.problem(
      ["main"],
      '"main" is missing; it must be the path of the worker\'s entry file, such as "src/index.ts"',
    );
  }
  const config: WranglerConfig = {
    name: workerName,
    main: main ?? "",
    compatibilityDate: reader.string(
      root,
      "compatibility_date",
      'a day such as "2026-11-17"',
      /^\d{4}-\d{2}-\d{2}$/,
    ),
    vars: readVars(reader, root),
    kvNamespaces: readKv(reader, root, workerName ?? "worker"),
    routes: readRoutes(reader, root),
    limits: readLimits(reader, root),
    crons: readCrons(reader, root),
    services: readServices(reader, root),
    ignored: Object.keys(root.value)
      .filter((key) => !READ.includes(key))
      .map((key) => reader.at([key], `"${key}" is not supported and is ignored`)),
  };
  reader.finish();
  return config;
}

function readVars(reader: ConfigReader, root: Section): Readonly<Record<string, unknown>> {
  const vars = reader.table(root, "vars");
  if (!vars) return {};
  for (const [key, value] of Object.entries(vars.value)) {
    if (value instanceof Date) {
      reader.problem([...vars.path, key], `"vars.${key}" is a date; put it in quotes to make it a text`);
    }
  }
  return vars.value;
}

function readKv(reader: ConfigReader, root: Section, worker: string): WranglerConfig["kvNamespaces"] {
  return reader.tables(root, "kv_namespaces").map((namespace) => {
    const binding = reader.string(namespace, "binding", "a JavaScript name", /^[A-Za-z_$][\w$]{0,127}$/);
    if (!Object.hasOwn(namespace.value, "binding")) {
      reader.problem(namespace.path, `${name(namespace.path)} has no "binding"; it must be the name on env`);
    }
    const id = reader.string(
      namespace,
      "id",
      '1 to 64 of letters, digits, "-" and "_"',
      /^[A-Za-z0-9_-]{1,64}$/,
    );
    // Without an id the namespace is the worker's own, as wrangler makes one on deploy.
    return {
      binding: binding ?? "",
      id: id ?? `${worker}-${binding ?? ""}`.replaceAll("$", "_").slice(0, 64),
    };
  });
}

function readRoutes(reader: ConfigReader, root: Section): readonly string[] {
  if (Object.hasOwn(root.value, "route") && Object.hasOwn(root.value, "routes")) {
    reader.problem(["route"], '"route" stands beside "routes"; keep one of them');
  }
  const single: unknown = root.value["route"];
  const isList = (value: unknown): value is unknown[] => Array.isArray(value);
  const list =
    single === undefined ? (reader.read(root, "routes", "a list of routes", isList) ?? []) : [single];
  return list.flatMap((route, index): string[] => {
    const path = single === undefined ? ["routes", index] : ["route"];
    if (typeof route === "string") return [route];
    const pattern: unknown =
      typeof route === "object" && route !== null && "pattern" in route ? route.pattern : undefined;
    if (typeof pattern === "string") {
      const customDomain =
        typeof route === "object" && route !== null && "custom_domain" in route && route.custom_domain;
      return [customDomain === true ? `${pattern}/*` : pattern];
    }
    reader.problem(
      path,
      `${name(path)} is ${show(route)}; it must be a text such as "example.com/*", or a table with "pattern"`,
    );
    return [];
  });
}

function readServices(reader: ConfigReader, root: Section): readonly ServiceBindingOptions[] {
  return reader.tables(root, "services").map((service) => {
    for (const key of ["binding", "service"])
      if (!Object.hasOwn(service.value, key))
        reader.problem(service.path, `${name(service.path)} has no "${key}"; it must be a text`);
    const entrypoint = reader.string(
      service,
      "entrypoint",
      "the name of an export",
      /^[A-Za-z_$][\w$]{0,127}$/,
    );
    const props = reader.table(service, "props");
    return {
      binding: reader.string(service, "binding", "a JavaScript name", /^[A-Za-z_$][\w$]{0,127}$/) ?? "",
      service: reader.string(service, "service", "the name of a worker", /^[a-z0-9][a-z0-9_-]{0,62}$/) ?? "",
      ...(entrypoint !== undefined && entrypoint !== "default" && { entrypoint }),
      ...(props && { props: props.value }),
    };
  });
}

function readCrons(reader: ConfigReader, root: Section): readonly string[] | undefined {
  const triggers = reader.table(root, "triggers");
  if (!triggers) return undefined;
  const isTexts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((entry) => typeof entry === "string");
  const crons = reader.read(triggers, "crons", "a list of cron expressions", isTexts);
  for (const [index, cron] of (crons ?? []).entries())
    for (const problem of cronProblems([cron]))
      reader.problem(["triggers", "crons", index], problem.replace(/^crons\[0\]: /, ""));
  return crons;
}

function readLimits(reader: ConfigReader, root: Section): WranglerConfig["limits"] {
  const limits = reader.table(root, "limits");
  if (!limits) return {};
  const cpuMs = reader.integer(limits, "cpu_ms", 1, 300_000);
  const subrequests = reader.integer(limits, "subrequests", 1, 10_000_000);
  return { ...(cpuMs !== undefined && { cpuMs }), ...(subrequests !== undefined && { subrequests }) };
}
