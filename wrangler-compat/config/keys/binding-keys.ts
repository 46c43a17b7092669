import { type ConfigKey, keyRows } from "./config-key.ts";

/** Keys of what a worker finds on `env`, and of who calls it. */
export const BINDING_KEYS: readonly ConfigKey[] = keyRows(`
vars | own | table | honoured | texts, and anything else as JSON
kv_namespaces | own | tables | partly | KV of the host; without an id a namespace of the worker's own; preview_id and remote mean nothing
services | own | tables | partly | fetch; method calls (RPC) are not there yet
version_metadata | own | table | honoured | id, tag and timestamp of the version
ratelimits | own | tables | honoured | limit({ key }) says whether a key happens too often
send_email | own | tables | plug-in | email bindings
tail_consumers | own | tables | honoured | workers whose tail handler is told of events
streaming_tail_consumers | own | tables | refused | tail workers that stream
unsafe | own | table | partly | bindings of the types that have a key of their own; metadata and capnp are refused
durable_objects | own | table | refused | Durable Objects
migrations | inherited | tables | refused | Durable Objects
exports | inherited | table | refused | Durable Objects, Workflows and entrypoints that are declared
d1_databases | own | tables | refused | D1 databases
r2_buckets | own | tables | refused | R2 buckets
queues | own | table | plug-in | producers of Queues; consumers are refused
workflows | own | tables | refused | Workflows
hyperdrive | own | tables | plug-in | Hyperdrive
analytics_engine_datasets | own | tables | plug-in | Analytics Engine
dispatch_namespaces | own | tables | refused | dispatch namespaces
worker_loaders | own | tables | refused | Worker Loaders
secrets_store_secrets | own | tables | plug-in | the Secrets Store
mtls_certificates | own | tables | plug-in | mTLS certificates
containers | own | tables | refused | Containers
cloudchamber | own | table | refused | Containers
connect | own | tables | refused | connect handlers
ai | own | table | plug-in | Workers AI
ai_search | own | tables | refused | AI Search
ai_search_namespaces | own | tables | refused | AI Search
agent_memory | own | tables | refused | Agent Memory
analytics | own | table | refused | analytics of Cloudflare
artifacts | own | tables | refused | Artifacts
browser | own | table | plug-in | Browser Rendering
flagship | own | tables | refused | Flagship
images | own | table | plug-in | Images
k2 | own | tables | refused | K2
media | own | table | plug-in | Media Transformations
pipelines | own | tables | plug-in | Pipelines
stream | own | table | plug-in | Stream
vectorize | own | tables | plug-in | Vectorize
vpc_networks | own | tables | refused | VPC networks
vpc_services | own | tables | refused | VPC services
unsafe_hello_world | own | tables | refused | a binding for tests of Cloudflare's own
`);
