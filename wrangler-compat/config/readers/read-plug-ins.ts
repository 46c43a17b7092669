import { name, type Section } from "../../../src/config/document/config-reader.ts";
import type { PlugInBindingOptions } from "../../../src/index.ts";
import type { ConfigScope } from "../config-scope.ts";
import { KEY_OF } from "../keys/config-keys.ts";
import type { BindingNames } from "./binding-names.ts";

/** How a key's entries become bindings of an upload. */
interface PlugInKey {
  readonly key: string;
  /** The type that an upload gives it. */
  readonly type: string;
  /** Key of the name on `env`. @default "binding" */
  readonly nameKey?: string;
  /** Texts of an entry, and what an upload calls them. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Other keys that an entry may have, which an upload has as they are. */
  readonly more?: readonly string[];
}

const LISTS: readonly PlugInKey[] = [
  { key: "analytics_engine_datasets", type: "analytics_engine", fields: { dataset: "dataset" } },
  { key: "hyperdrive", type: "hyperdrive", fields: { id: "id" }, more: ["localConnectionString"] },
  { key: "mtls_certificates", type: "mtls_certificate", fields: { certificate_id: "certificate_id" } },
  { key: "pipelines", type: "pipelines", fields: { pipeline: "pipeline", stream: "pipeline" } },
  {
    key: "secrets_store_secrets",
    type: "secrets_store_secret",
    fields: { store_id: "store_id", secret_name: "secret_name" },
  },
  {
    key: "send_email",
    type: "send_email",
    nameKey: "name",
    fields: { destination_address: "destination_address" },
    more: ["allowed_destination_addresses", "allowed_sender_addresses"],
  },
  { key: "vectorize", type: "vectorize", fields: { index_name: "index_name" } },
];
const SINGLE: readonly PlugInKey[] = ["ai", "browser", "images", "media", "stream"].map((key) => ({
  key,
  type: key,
  more: ["staging"],
}));

/**
 * Keys of bindings that only a plug-in of an embedding host can answer.
 * @param isAllowed False for a host that is known to have none: each is refused at its place then.
 */
export function readPlugIns(
  scope: ConfigScope,
  names: BindingNames,
  isAllowed: boolean,
): readonly PlugInBindingOptions[] {
  const { reader } = scope;
  const lists = LISTS.flatMap((row) =>
    reader.tables(scope.of(row.key), row.key).map((entry) => readEntry(scope, names, row, entry)),
  );
  const singles = SINGLE.flatMap((row) => {
    const entry = reader.table(scope.of(row.key), row.key);
    // Tools write an empty table for none.
    const isThere = entry !== undefined && Object.keys(entry.value).length > 0;
    return isThere ? [readEntry(scope, names, row, entry)] : [];
  });
  const all = [...lists, ...singles, ...readProducers(scope, names)];
  for (const { key, path } of isAllowed ? [] : all)
    reader.problem(
      path,
      `${name(path)} asks for what only a plug-in of an embedding host can give: ${KEY_OF.get(key)?.note}`,
    );
  return all.map(({ binding }) => binding);
}

interface Found {
  readonly key: string;
  readonly path: Section["path"];
  readonly binding: PlugInBindingOptions;
}

function readEntry(scope: ConfigScope, names: BindingNames, row: PlugInKey, entry: Section): Found {
  const { key, type, nameKey = "binding", fields = {}, more = [] } = row;
  const config: Record<string, unknown> = {};
  for (const [from, to] of Object.entries(fields)) {
    const value = scope.reader.string(entry, from);
    if (value !== undefined) config[to] = value;
  }
  for (const from of more) if (Object.hasOwn(entry.value, from)) config[from] = entry.value[from];
  scope.warnUnknown(entry, [nameKey, ...Object.keys(fields), ...more, "remote"]);
  return { key, path: entry.path, binding: { binding: names.read(entry, nameKey), type, config } };
}

/** `queues`: producers are bindings; consumers have nobody who would call them. */
function readProducers(scope: ConfigScope, names: BindingNames): readonly Found[] {
  const { reader } = scope;
  const queues = reader.table(scope.of("queues"), "queues");
  if (queues === undefined) return [];
  scope.warnUnknown(queues, ["producers", "consumers"]);
  for (const { path } of reader.tables(queues, "consumers"))
    reader.problem(path, `${name(path)} asks for what Skerry does not have: consumers of Queues`);
  const row: PlugInKey = {
    key: "queues",
    type: "queue",
    fields: { queue: "queue_name" },
    more: ["delivery_delay"],
  };
  return reader.tables(queues, "producers").map((entry) => readEntry(scope, names, row, entry));
}
