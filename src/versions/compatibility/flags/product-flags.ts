import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags of products that Skerry does not have: a worker that uses one is refused for its binding. */
export const PRODUCT_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2021-11-10 | durable_object_fetch_requires_full_url | durable_object_fetch_allows_relative_url | absent | Durable Objects
2022-08-04 | r2_list_honor_include | - | absent | R2
2023-11-08 | vectorize_query_metadata_optional | vectorize_query_original | absent | Vectorize
2024-03-18 | queues_json_messages | no_queues_json_messages | absent | Queues
2025-08-01 | set_forwardable_email_full_headers | set_forwardable_email_single_headers | absent | email handlers
2025-08-11 | python_workers_force_new_vendor_path | - | absent | Python
2025-08-14 | python_no_global_handlers | disable_python_no_global_handlers | absent | Python
2025-09-20 | enable_validate_workflow_entrypoint | disable_validate_workflow_entrypoint | absent | Workflows
2026-02-17 | python_request_headers_preserve_commas | disable_python_request_headers_preserve_commas | absent | Python
2026-02-24 | delete_all_deletes_alarm | delete_all_preserves_alarm | absent | Durable Objects
2026-03-12 | queue_expose_error_codes | no_queue_expose_error_codes | absent | Queues
2026-04-01 | containers_pid_namespace | no_containers_pid_namespace | absent | Containers
2026-04-21 | enable_python_external_sdk | disable_python_external_sdk | absent | Python
2026-05-14 | workflows_preserve_non_retryable_error_message | workflows_replace_non_retryable_error_message | absent | Workflows
2026-05-26 | python_process_pth_files | disable_python_process_pth_files | absent | Python
2026-08-11 | workflows_enable_fast_engine_creation | workflows_disable_fast_engine_creation | absent | Workflows
asked | durable_object_alarms | - | absent | Durable Objects
asked | enable_email_sending_queuing | disable_email_sending_queuing | absent | sending email by Cloudflare
asked | queue_consumer_no_wait_for_wait_until | queue_consumer_wait_for_wait_until | absent | Queues
asked | r2_public_beta_bindings | r2_internal_beta_bindings | absent | R2
asked | python_workers | - | absent | Python
asked | python_external_packages | - | absent | Python
asked | python_workers_20260610 | no_python_workers_20260610 | absent | Python
asked | python_workers_20250116 | no_python_workers_20250116 | absent | Python
asked | python_dedicated_snapshot | disable_python_dedicated_snapshot | absent | Python
asked | python_workflows | disable_python_workflows | absent | Python
asked | python_workflows_implicit_dependencies | no_python_workflows_implicit_dependencies | absent | Python
experimental | d1_binding_jsrpc | - | absent | D1
experimental | durable_object_get_existing | - | absent | Durable Objects
experimental | durable_object_rename | - | absent | Durable Objects
experimental | enable_d1_with_sessions_api | - | absent | D1
experimental | kv_direct_binding | - | absent | another way to Cloudflare's KV
experimental | memory_cache_delete | - | absent | memory caches
experimental | python_workers_20260817 | no_python_workers_20260817 | absent | Python
experimental | python_workers_development | - | absent | Python
experimental | python_workers_durable_objects | - | absent | Python
experimental | replica_routing | - | absent | Durable Objects
experimental | workflows_bindings_rpc | - | absent | Workflows
experimental | workflows_step_rollback | - | absent | Workflows
`);
