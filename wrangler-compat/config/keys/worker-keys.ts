import { type ConfigKey, keyRows } from "./config-key.ts";

/** Keys about a worker as a whole: what it is, where it answers, when it runs. */
export const WORKER_KEYS: readonly ConfigKey[] = keyRows(`
$schema | top | text | honoured | for editors
env | top | table | honoured | environments: skerry dev --env NAME, skerry deploy --env NAME
name | inherited | text | honoured | the worker's name; in an environment without a name of its own <name>-<env>
main | inherited | text | honoured | the entry file, relative to the config
compatibility_date | inherited | text | honoured | a day up to today: docs/compatibility-flags.md
compatibility_flags | inherited | texts | honoured | names of flags: docs/compatibility-flags.md
routes | inherited | list | partly | patterns and custom domains; zones mean nothing here
route | inherited | route | partly | one pattern or custom domain; zones mean nothing here
workers_dev | inherited | switch | honoured | whether it answers at <name>.localhost; by itself where there are no routes
preview_urls | inherited | switch | honoured | with true each version answers at a host of its own as well: docs/wrangler.md
triggers | inherited | table | partly | crons; events are refused
limits | inherited | table | honoured | cpu_ms and subrequests
assets | inherited | table | honoured | static assets, but for base_path: docs/assets.md
secrets | own | table | honoured | skerry dev takes only those that are required, and tells what is missing; skerry deploy refuses while one is missing
placement | inherited | table | ignored | workers run where the host runs
observability | inherited | table | ignored | the host's log and skerry tail have every event; nothing is kept
logpush | inherited | switch | ignored | logs go to the host's log
compliance_region | inherited | text | ignored | workers run where the host runs
cache | inherited | table | ignored | caches follow the host's settings: docs/cache.md
access | inherited | table | ignored | nothing stands before a worker that would know who asks
previews | inherited | table | ignored | settings of preview deployments, which there are none of
first_party_worker | inherited | switch | ignored | about Cloudflare's own workers
logfwdr | inherited | table | refused | a binding of Cloudflare's own workers
account_id | inherited | text | ignored | accounts are the host's own: skerry deploy --account
keep_vars | top | switch | ignored | vars are set by deploys only
send_metrics | top | switch | ignored | Skerry sends nothing to anybody
addresses | top | texts | ignored | Cloudflare's email routing
dev | top | table | partly | port and ip of skerry dev
pages_build_output_dir | top | text | refused | Pages projects
`);
