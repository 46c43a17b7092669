import type { ServiceBindingOptions } from "../../../src/index.ts";
import type { Section } from "../../../src/config/document/config-reader.ts";
import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";
import { readNamespaceId } from "./read-namespace-id.ts";

/** A KV namespace of a config. */
export interface KvBinding {
  readonly binding: string;
  readonly id: string;
}

/** `kv_namespaces`. Without an id the namespace is the worker's own, as wrangler makes one on deploy. */
export function readKv(scope: ConfigScope, names: BindingNames, worker: string): readonly KvBinding[] {
  const { reader } = scope;
  return reader.tables(scope.of("kv_namespaces"), "kv_namespaces").map((namespace) => {
    const binding = names.read(namespace, "binding");
    const id = readNamespaceId(reader, namespace, "id");
    reader.string(namespace, "preview_id");
    reader.boolean(namespace, "remote");
    scope.warnUnknown(namespace, ["binding", "id", "preview_id", "remote"]);
    return { binding, id: id ?? `${worker}-${binding}`.replaceAll("$", "_").slice(0, 64) };
  });
}

/** `services`. */
export function readServices(scope: ConfigScope, names: BindingNames): readonly ServiceBindingOptions[] {
  const { reader } = scope;
  return reader.tables(scope.of("services"), "services").map((service) => {
    const binding = names.read(service, "binding");
    const entrypoint = reader.string(
      service,
      "entrypoint",
      "the name of an export",
      /^[A-Za-z_$][\w$]{0,127}$/,
    );
    const props = reader.table(service, "props");
    reader.boolean(service, "remote");
    scope.warnUnknown(service, ["binding", "service", "entrypoint", "props", "remote", "environment"]);
    return {
      binding,
      service: readWorkerName(scope, service, "service"),
      ...(entrypoint !== undefined && entrypoint !== "default" && { entrypoint }),
      ...(props && { props: props.value }),
    };
  });
}

/** `version_metadata`: at most one name. */
export function readVersionMetadata(scope: ConfigScope, names: BindingNames): readonly string[] {
  const metadata = scope.reader.table(scope.of("version_metadata"), "version_metadata");
  if (metadata === undefined) return [];
  scope.warnUnknown(metadata, ["binding"]);
  return [names.read(metadata, "binding")];
}

/** `tail_consumers`: undefined where the config says nothing of them. */
export function readTailConsumers(scope: ConfigScope): readonly string[] | undefined {
  if (!scope.has("tail_consumers")) return undefined;
  return scope.reader.tables(scope.of("tail_consumers"), "tail_consumers").map((consumer) => {
    scope.warnUnknown(consumer, ["service", "environment"]);
    return readWorkerName(scope, consumer, "service");
  });
}

/** The name of a worker that must be there; with `environment`, that worker's environment. */
export function readWorkerName(scope: ConfigScope, section: Section, key: string): string {
  const { reader } = scope;
  reader.mustHave(section, key, "a text");
  const found = reader.string(section, key, "the name of a worker", /^[a-z0-9][a-z0-9_-]{0,62}$/) ?? "";
  const environment = reader.string(section, "environment");
  return environment === undefined ? found : `${found}-${environment}`;
}
