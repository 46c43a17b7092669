import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags about web standards and the globals of a worker. */
export const WEB_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2021-11-03 | formdata_parser_supports_files | formdata_parser_converts_files_to_strings | on | files of a form are File objects
2021-11-10 | fetch_refuses_unknown_protocols | fetch_treats_unknown_protocols_as_http | on | fetch takes http and https only
2022-01-31 | workers_api_getters_setters_on_prototype | workers_api_getters_setters_on_instance | on | properties stand on prototypes
2022-03-21 | global_navigator | no_global_navigator | on | navigator is there
2022-06-01 | dont_substitute_null_on_type_error | substitute_null_on_type_error | on | wrong values throw
2022-10-31 | capture_async_api_throws | do_not_capture_async_api_throws | on | asynchronous APIs reject, and never throw
2022-10-31 | url_standard | url_original | on | URL follows its standard
2023-03-01 | http_headers_getsetcookie | no_http_headers_getsetcookie | on | Headers.getSetCookie is there
2023-03-14 | response_redirect_url_standard | response_redirect_url_original | on | Response.redirect writes the URL as URL does
2023-07-01 | urlsearchparams_delete_has_value_arg | no_urlsearchparams_delete_has_value_arg | on | delete and has of URLSearchParams take a value
2023-08-01 | strict_crypto_checks | no_strict_crypto_checks | on | Web Crypto refuses what its standard refuses
2023-12-01 | crypto_preserve_public_exponent | no_crypto_preserve_public_exponent | on | publicExponent is a Uint8Array
2024-03-04 | no_global_importscripts | global_importscripts | on | importScripts is not there
2024-04-01 | unwrap_custom_thenables | no_unwrap_custom_thenables | on | any object with then counts as a promise
2024-06-03 | blob_standard_mime_type | blob_legacy_mime_type | on | types of blobs are written as their standard says
2024-06-03 | fetch_standard_url | fetch_legacy_url | on | Request and fetch parse URLs as URL does
2024-09-26 | set_tostring_tag | do_not_set_tostring_tag | on | classes have Symbol.toStringTag
2024-10-14 | upper_case_all_http_methods | no_upper_case_all_http_methods | off | only the methods of the fetch standard become upper case: patch stays patch
2025-05-01 | urlpattern_standard | urlpattern_original | on | URLPattern follows its standard
2025-05-05 | enable_weak_ref | disable_weak_ref | on | WeakRef and FinalizationRegistry are there
2025-05-19 | enable_navigator_language | disable_navigator_language | on | navigator.language is en
2025-06-01 | allow_eval_during_startup | disallow_eval_during_startup | on | eval is there while the worker starts, and at no other time
2025-08-01 | set_event_target_this | no_set_event_target_this | on | this is the target in a listener
2025-08-15 | expose_global_message_channel | no_expose_global_message_channel | on | MessageChannel and MessagePort are there
2025-12-03 | enable_fast_jsg_struct | disable_fast_jsg_struct | unseen | how Cloudflare's runtime reads objects
2026-01-13 | strip_bom_in_read_all_text | do_not_strip_bom_in_read_all_text | on | text() and json() leave a byte order mark out
2026-02-24 | text_decoder_replace_surrogates | disable_text_decoder_replace_surrogates | on | TextDecoder replaces single surrogates
2026-03-03 | text_decoder_cjk_decoder | disable_text_decoder_cjk_decoder | on | TextDecoder knows all encodings of its standard
2026-03-03 | unhandled_rejection_after_microtask_checkpoint | no_unhandled_rejection_after_microtask_checkpoint | on | a rejection that is handled in the same turn counts as handled
2026-04-21 | enhanced_error_serialization | legacy_error_serialization | off | structuredClone keeps name, message, cause and stack of an error, and no other property
asked | global_fetch_strictly_public | global_fetch_private_origin | on | fetch goes to the address that the name has, also for the host's own
asked | enable_request_signal | disable_request_signal | on | request.signal aborts when the client goes
asked | request_signal_passthrough | no_request_signal_passthrough | off | a signal is followed only by who is given it
asked | html_rewriter_treats_esi_include_as_void_tag | - | off | esi:include needs its end, or ends with />
asked | immutable_api_prototypes | mutable_api_prototypes | off | a worker may patch its own globals
asked | no_resizable_array_buffer_in_blob | resizable_array_buffer_in_blob | on | there are no resizable buffers
asked | pedantic_wpt | non_pedantic_wpt | on | standards before earlier behaviour; see docs/conformance.md
experimental | allow_insecure_inefficient_logged_eval | - | off | eval outside of the start
experimental | cache_reload_enabled | cache_reload_disabled | on | fetch takes cache: "reload"
experimental | enable_web_file_system | - | absent | files of the browser's kind
experimental | precise_timers | no_precise_timers | off | clocks stand still while code runs
experimental | spec_compliant_property_attributes | no_spec_compliant_property_attributes | on | attributes of properties are those of the standards
experimental | webgpu | - | absent | WebGPU
`);
