import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags about outbound requests and caches. */
export const NETWORK_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2022-03-08 | no_cots_on_external_fetch | cots_on_external_fetch | unseen | headers between Cloudflare's machines
2022-04-05 | minimal_subrequests | no_minimal_subrequests | unseen | requests between Cloudflare's machines
2023-08-01 | no_cf_botmanagement_default | cf_botmanagement_default | on | request.cf has no botManagement
2024-04-29 | brotli_content_encoding | no_brotli_content_encoding | on | bodies in Brotli are decoded
2024-09-02 | allow_custom_ports | ignore_custom_ports | on | fetch goes to the port of the URL
2024-11-11 | cache_option_enabled | cache_option_disabled | on | requests have cache
2025-04-02 | request_cf_overrides_cache_rules | no_request_cf_overrides_cache_rules | absent | there are no cache rules of a zone
2025-04-19 | cache_api_compat_flags | no_cache_api_compat_flags | on | the Cache API follows the rules of docs/cache.md
2025-05-19 | cache_api_request_cf_overrides_cache_rules | no_cache_api_request_cf_overrides_cache_rules | absent | there are no cache rules of a zone
2025-09-01 | strip_authorization_on_cross_origin_redirect | retain_authorization_on_cross_origin_redirect | on | Authorization and cookies do not follow a redirect to another origin
2025-08-07 cache_option_enabled | cache_no_cache_enabled | cache_no_cache_disabled | on | fetch takes cache: "no-cache"
asked | tcp_sockets_support | - | absent | cloudflare:sockets
asked | auto_grpc_convert | - | absent | gRPC
experimental | connect_pass_through | - | absent | cloudflare:sockets
`);
