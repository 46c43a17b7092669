/**
 * The bounds that both sides of the turn know. The isolate's runtime keeps them so that an honest
 * worker gets a clear error; the cell and the host check them again, since the runtime runs beside
 * hostile code.
 */

/** Bytes that an isolate may send on a stream it opened before the first credit arrives. */
export const FIRST_CREDIT_BYTES: number = 256 * 1024;
/** Credit that an isolate may have out on one stream or WebSocket of the host: given, and not used up by what came. */
export const WINDOW_BYTES: number = 256 * 1024;
/** Largest chunk of a stream, in bytes, either way. Bodies are cut into pieces of at most this size. */
export const CHUNK_BYTES: number = 64 * 1024;
/** Bodies up to this size travel whole in their record, as `text` or `bytes`. */
export const INLINE_BODY_BYTES: number = 64 * 1024;
/** Log lines of one event that leave the isolate; the next one says that the rest is dropped. */
export const LOG_LINES_PER_EVENT: number = 1_000;
/** UTF-16 units of log text per event; what is over is cut. */
export const LOG_CHARS_PER_EVENT: number = 256 * 1024;
/** Calls of one event that may be unanswered at once; the next one rejects. */
export const CALLS_IN_FLIGHT: number = 2_000;
/** Timers of one event that may be armed at once; the next one throws. */
export const TIMERS_PER_EVENT: number = 10_000;
/**
 * Tasks, timers without a delay, that an event gets at once, in all or for each message of a WebSocket; those
 * beyond wait a millisecond: a turn costs the host more than a task that does nothing costs its event.
 */
export const TASKS_AT_ONCE: number = 1_000;
/** Records that one turn may put out for one event before the event fails. */
export const RECORDS_PER_TURN: number = 20_000;
/** Bytes and UTF-16 units that one turn may put out for one event before the event fails. */
export const OUTPUT_BYTES_PER_TURN: number = 32 * 1024 * 1024;
/** Records that one turn may put out for all its events together; the event that goes beyond it fails. */
export const RECORDS_OF_ALL_PER_TURN: number = 100_000;
/**
 * Bytes and UTF-16 units that one turn may put out for all its events together. A string costs an isolate nothing
 * to send many times, but whoever takes it in pays for each copy.
 */
export const OUTPUT_BYTES_OF_ALL_PER_TURN: number = 32 * 1024 * 1024;
/** Longest text that an operation of a binding takes as an argument, in UTF-16 units. */
export const CALL_TEXT_CHARS: number = 1024 * 1024;
/** Longest error text (message or stack), in UTF-16 units; what is over is cut. */
export const ERROR_CHARS: number = 16 * 1024;
/** Largest binary that `WebAssembly` compiles or validates at run time, in bytes. */
export const WASM_BYTES: number = 16 * 1024 * 1024;
/** Names of exports that begin so are the runtime's own: memories that a module keeps to itself, to be counted. */
export const WASM_HIDDEN_EXPORT = "\0skerry.memory.";
/** Longest header block of a response, in characters: as on Cloudflare. */
export const HEADER_CHARS: number = 128 * 1024;
/** Longest reason phrase of a response, in characters. */
export const STATUS_TEXT_CHARS: number = 4 * 1024;
/** Longest message of a WebSocket, either way, in bytes: as on Cloudflare. */
export const SOCKET_MESSAGE_BYTES: number = 32 * 1024 * 1024;
/** Longest text of a WebSocket that travels as a string, in UTF-16 units; longer ones travel as bytes of UTF-8. */
export const SOCKET_TEXT_UNITS: number = 16 * 1024;
/** What a record of a WebSocket costs of its credit beyond its data, so that empty messages are not free. */
export const SOCKET_RECORD_COST: number = 256;
/** Bytes that a worker may have waiting on one WebSocket whose peer does not take them; one more closes it. */
export const SOCKET_QUEUE_BYTES: number = 64 * 1024 * 1024;
/** An event that a WebSocket keeps alive gets its budgets anew after this time, though no message came. */
export const SOCKET_BUDGET_MS: number = 30_000;
/** Longest reason of a WebSocket's close, in bytes of UTF-8. */
export const SOCKET_REASON_BYTES: number = 123;
/** Bytes that one step of a codec takes. */
export const CODEC_INPUT_BYTES: number = 256 * 1024;
/** Bytes that one step of a codec gives; the rest waits for the next step. */
export const CODEC_OUTPUT_BYTES: number = 64 * 1024;
/** Bytes that the codecs of one event may hold in the cell; the next one is refused. */
export const CODEC_BYTES_PER_EVENT: number = 8 * 1024 * 1024;
/** Bytes that the codecs of all events of an isolate may hold in the cell; the next one is refused. */
export const CODEC_BYTES_PER_ISOLATE: number = 16 * 1024 * 1024;

/** Names that a worker's default export may have as handlers, and characters of each. */
export const HANDLERS_PER_WORKER: number = 100;
export const HANDLER_CHARS: number = 100;
