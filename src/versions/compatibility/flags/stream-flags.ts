import { type CompatibilityFlag, flagRows } from "../compatibility-flag.ts";

/** Flags about streams, compression and WebSockets. */
export const STREAM_FLAGS: readonly CompatibilityFlag[] = flagRows(`
2021-11-10 | streams_byob_reader_detaches_buffer | streams_byob_reader_does_not_detach_buffer | on | a buffer that is read into is detached
2022-11-30 | streams_enable_constructors | streams_disable_constructors | on | new ReadableStream and new WritableStream take sources and sinks
2022-11-30 | transformstream_enable_standard_constructor | transformstream_disable_standard_constructor | on | new TransformStream takes a transformer
2023-08-01 | strict_compression_checks | no_strict_compression_checks | on | DecompressionStream refuses data that ends too early
2023-08-15 | web_socket_compression | no_web_socket_compression | off | WebSockets are not compressed
2024-05-13 | internal_stream_byob_return_view | internal_stream_byob_return_undefined | on | the last BYOB read gives an empty view back
2024-09-02 | internal_writable_stream_abort_clears_queue | internal_writable_stream_abort_does_not_clear_queue | on | abort drops what waits
2024-12-16 | fixup-transform-stream-backpressure | original-transform-stream-backpressure | on | backpressure of TransformStream follows its standard
2026-02-19 | fetch_iterable_type_support | no_fetch_iterable_type_support | off | iterables as bodies become text; ReadableStream.from makes a stream of one
2026-03-03 | websocket_close_reason_byte_limit | no_websocket_close_reason_byte_limit | on | a close reason has 123 bytes at most
2026-03-17 | websocket_standard_binary_type | no_websocket_standard_binary_type | off | binary messages are Blobs for new WebSocket only, else ArrayBuffers
2026-03-24 | encoder_stream_spec_compliant_backpressure | no_encoder_stream_spec_compliant_backpressure | on | backpressure of TextEncoderStream follows its standard
2026-03-24 | writable_stream_spec_compliant_writer | no_writable_stream_spec_compliant_writer | on | writers follow their standard
2026-04-07 | web_socket_auto_reply_to_close | web_socket_manual_reply_to_close | on | a close is answered by itself
asked | enable_streams_nodejs_v24_compat | disable_streams_nodejs_v24_compat | absent | streams of Node.js
2026-01-15 fetch_iterable_type_support | fetch_iterable_type_support_override_adjustment | no_fetch_iterable_type_support_override_adjustment | off | see fetch_iterable_type_support
experimental | enable_abortsignal_rpc | - | absent | needs RPC
experimental | expose_draining_reader | - | absent | a reader of Cloudflare's own
experimental | increase_websocket_message_size | - | off | the size of messages is a limit of the host: docs/websockets.md
experimental | streams_no_default_auto_allocate_chunk_size | streams_auto_allocate_chunk_size_default | on | autoAllocateChunkSize has no default
experimental | typescript_implemented_streams | - | unseen | how streams are written
`);
