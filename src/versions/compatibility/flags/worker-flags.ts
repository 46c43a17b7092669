import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags about modules, entrypoints, events and calls between workers. */
export const WORKER_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2022-10-31 | export_commonjs_default | export_commonjs_namespace | on | the default export of a CommonJS module is its module.exports
2023-03-01 | dynamic_dispatch_tunnel_exceptions | dynamic_dispatch_treat_exceptions_as_500 | absent | dispatch namespaces
2024-03-26 | fetcher_no_get_put_delete | fetcher_has_get_put_delete | on | a service binding has no get, put and delete of its own
2024-04-03 | rpc | no_rpc | off | a service binding has fetch; method calls are not there yet
2024-10-14 | handle_cross_request_promise_resolution | no_handle_cross_request_promise_resolution | off | code that waits for a promise of another event goes on in the event that settles it
2024-12-02 | disable_top_level_await_in_require | enable_top_level_await_in_require | on | require refuses a module with a top-level await
2025-04-01 | assets_navigation_prefers_asset_serving | assets_navigation_has_no_effect | on | where a page is asked for, static assets come before the worker
2025-06-16 | throw_on_unrecognized_import_assertion | ignore_unrecognized_import_assertion | off | import attributes are not looked at
2025-11-17 | enable_ctx_exports | disable_ctx_exports | off | ctx.exports is not there yet
2026-01-20 | rpc_params_dup_stubs | rpc_params_transfer_stubs | absent | needs RPC
2026-01-22 | require_returns_default_export | require_returns_namespace | off | require of an ES module gives its namespace
asked | disallow_importable_env | allow_importable_env | off | env of cloudflare:workers is there
asked | env_module_nullable_support | no_env_module_nullable_support | unseen | how env is handed to modules
asked | new_module_registry | legacy_module_registry | unseen | how modules are kept
asked | allow_irrevocable_stub_storage | - | absent | needs RPC
experimental | enable_ctx_version_metadata | - | absent | ctx.version
experimental | enable_version_api | - | absent | ctx.version
experimental | experimental | - | absent | all experiments at once
experimental | js_rpc | - | absent | needs RPC
experimental | rtti_api | - | absent | descriptions of Cloudflare's own API
experimental | service_binding_extra_handlers | - | absent | calls handlers of another worker
experimental | streaming_tail_worker | - | absent | tailStream handlers
experimental | tail_worker_user_spans | - | absent | spans
experimental | typescript_strip_types | - | absent | TypeScript is taken by skerry dev and skerry deploy, not by the runtime
experimental | unsafe_module | - | absent | modules for tests of Cloudflare's own
experimental | wasm_memory_discard | - | absent | giving WebAssembly memory back
`);
