import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags of the modules and globals of Node.js, none of which exist: who imports one is refused by its name. */
export const NODE_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2026-08-04 | nodejs_compat | no_nodejs_compat | off | modules and globals of Node.js; the flag alone changes nothing
2024-09-23 nodejs_compat | nodejs_compat_v2 | no_nodejs_compat_v2 | off | the same, with packages in place of what is missing
asked | nodejs_als | no_nodejs_als | off | node:async_hooks
2024-09-23 nodejs_compat | nodejs_zlib | no_nodejs_zlib | off | node:zlib
2025-04-01 nodejs_compat | nodejs_compat_populate_process_env | nodejs_compat_do_not_populate_process_env | off | process.env
2025-06-16 | bind_asynclocalstorage_snapshot_to_request | do_not_bind_asynclocalstorage_snapshot_to-request | absent | AsyncLocalStorage
2026-05-19 | diagnostics_channel_has_subscribers_getter | no_diagnostics_channel_has_subscribers_getter | absent | node:diagnostics_channel
2026-06-16 | throw_on_not_implemented_tls_options | no_throw_on_not_implemented_tls_options | absent | node:tls
2026-03-17 nodejs_compat | enable_global_performance_classes | disable_global_performance_classes | on | Performance and its classes are there
2026-03-17 nodejs_compat | enable_nodejs_child_process_module | disable_nodejs_child_process_module | off | node:child_process
2025-12-04 nodejs_compat | enable_nodejs_cluster_module | disable_nodejs_cluster_module | off | node:cluster
2025-09-21 nodejs_compat | enable_nodejs_console_module | disable_nodejs_console_module | off | node:console
2026-01-29 nodejs_compat | enable_nodejs_dgram_module | disable_nodejs_dgram_module | off | node:dgram
2025-12-04 nodejs_compat | enable_nodejs_domain_module | disable_nodejs_domain_module | off | node:domain
2025-09-15 nodejs_compat | enable_nodejs_fs_module | disable_nodejs_fs_module | off | node:fs
2026-02-10 nodejs_compat | enable_nodejs_global_timers | no_nodejs_global_timers | off | timers are numbers, as on the web
2025-09-01 nodejs_compat | enable_nodejs_http2_module | disable_nodejs_http2_module | off | node:http2
2025-08-15 nodejs_compat | enable_nodejs_http_modules | disable_nodejs_http_modules | off | node:http and node:https
2025-09-01 enable_nodejs_http_modules | enable_nodejs_http_server_modules | disable_nodejs_http_server_modules | off | servers of node:http
2026-01-29 nodejs_compat | enable_nodejs_inspector_module | disable_nodejs_inspector_module | off | node:inspector
2025-09-15 nodejs_compat | enable_nodejs_os_module | disable_nodejs_os_module | off | node:os
2026-03-17 nodejs_compat | enable_nodejs_perf_hooks_module | disable_nodejs_perf_hooks_module | off | node:perf_hooks
2025-09-15 nodejs_compat | enable_nodejs_process_v2 | disable_nodejs_process_v2 | off | process
2025-12-04 nodejs_compat | enable_nodejs_punycode_module | disable_nodejs_punycode_module | off | node:punycode
2026-03-17 nodejs_compat | enable_nodejs_readline_module | disable_nodejs_readline_module | off | node:readline
2026-03-17 nodejs_compat | enable_nodejs_repl_module | disable_nodejs_repl_module | off | node:repl
2026-01-29 nodejs_compat | enable_nodejs_sqlite_module | disable_nodejs_sqlite_module | off | node:sqlite
2026-01-29 nodejs_compat | enable_nodejs_stream_wrap_module | disable_nodejs_stream_wrap_module | off | node:_stream_wrap
2025-12-04 nodejs_compat | enable_nodejs_trace_events_module | disable_nodejs_trace_events_module | off | node:trace_events
2026-03-17 nodejs_compat | enable_nodejs_tty_module | disable_nodejs_tty_module | off | node:tty
2026-03-17 nodejs_compat | enable_nodejs_v8_module | disable_nodejs_v8_module | off | node:v8
2025-10-01 nodejs_compat | enable_nodejs_vm_module | disable_nodejs_vm_module | off | node:vm
2025-12-04 nodejs_compat | enable_nodejs_wasi_module | disable_nodejs_wasi_module | off | node:wasi
2026-03-17 nodejs_compat | enable_nodejs_worker_threads_module | disable_nodejs_worker_threads_module | off | node:worker_threads
2025-09-01 nodejs_compat | remove_nodejs_compat_eol | add_nodejs_compat_eol | off | parts that Node.js itself gave up
2027-04-30 remove_nodejs_compat_eol | remove_nodejs_compat_eol_v22 | add_nodejs_compat_eol_v22 | off | parts that Node.js 22 gave up
2025-09-01 remove_nodejs_compat_eol_v24 | remove_nodejs_compat_eol_v23 | add_nodejs_compat_eol_v23 | off | parts that Node.js 23 gave up
2028-04-30 remove_nodejs_compat_eol | remove_nodejs_compat_eol_v24 | add_nodejs_compat_eol_v24 | off | parts that Node.js 24 gave up
experimental | enable_nodejs_inspector_local_dev | - | absent | node:inspector
experimental | unsupported_process_actual_platform | - | absent | process.platform
`);
