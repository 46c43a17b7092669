/** A kind of binding that workers know from Cloudflare and that Skerry has not itself. */
export interface BindingKind {
  /** As users know it. */
  readonly title: string;
  /** What workers call. */
  readonly methods?: readonly string[];
  /** Methods that answer nothing and are not waited for. */
  readonly oneWay?: readonly string[];
}

/**
 * Kinds by the `type` that an upload gives them. Those without methods have an interface that a handler of plain calls
 * cannot give: objects that are kept, cursors, streams of their own.
 */
export const BINDING_KINDS: Readonly<Record<string, BindingKind>> = {
  ai: { title: "Workers AI", methods: ["run", "models", "toMarkdown"] },
  ai_search: { title: "AI Search" },
  analytics_engine: { title: "Analytics Engine", oneWay: ["writeDataPoint"] },
  assets: { title: "static assets" },
  browser: { title: "Browser Rendering" },
  d1: { title: "D1 databases" },
  dispatch_namespace: { title: "dispatch namespaces" },
  durable_object_namespace: { title: "Durable Objects" },
  hyperdrive: { title: "Hyperdrive" },
  images: { title: "Images" },
  media: { title: "Media Transformations" },
  mtls_certificate: { title: "mTLS certificates" },
  pipelines: { title: "Pipelines", methods: ["send"] },
  queue: { title: "Queues", methods: ["send", "sendBatch", "metrics"] },
  r2_bucket: { title: "R2 buckets" },
  secrets_store_secret: { title: "the Secrets Store", methods: ["get"] },
  send_email: { title: "email bindings", methods: ["send"] },
  stream: { title: "Stream" },
  vectorize: {
    title: "Vectorize",
    methods: ["describe", "query", "queryById", "insert", "upsert", "deleteByIds", "getByIds", "listVectors"],
  },
  worker_loader: { title: "Worker Loaders" },
  workflow: { title: "Workflows" },
};

/** What is known of a kind of binding; undefined where nothing is. */
export function bindingKind(type: string): BindingKind | undefined {
  return Object.hasOwn(BINDING_KINDS, type) ? BINDING_KINDS[type] : undefined;
}

/** Why a binding that no handler answers cannot be deployed. */
export function missingPlugIn(binding: string, type: string): string {
  const what = bindingKind(type)?.title ?? `the type "${type}"`;
  return `binding "${binding}": this host does not support ${what} yet, and has no plug-in for "${type}"`;
}
