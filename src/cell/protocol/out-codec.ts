import {
  CHUNK_BYTES,
  ERROR_CHARS,
  LOG_CHARS_PER_EVENT,
  OUTPUT_BYTES_OF_ALL_PER_TURN,
  OUTPUT_BYTES_PER_TURN,
  RECORDS_OF_ALL_PER_TURN,
  RECORDS_PER_TURN,
} from "../../../runtime-api/contract/bounds.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { LOG_LEVELS, type LogLevel, Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import {
  MAX_ARGS,
  MAX_DELAY_MS,
  MAX_HEADERS,
  MAX_ID,
  MAX_INLINE,
  MAX_OP,
  MAX_REASON,
  MAX_SLOT,
  MAX_STATUS_TEXT,
} from "./field-bounds.ts";
import { FlatReader } from "./flat-reader.ts";
import { decodeSocketRecord } from "./socket-codec.ts";
import { Violation } from "./violation.ts";

/** Records and bytes beyond the bounds of an honest runtime: its last words about having met them. */
const SLACK_RECORDS = 200;
const SLACK_BYTES = 1024 * 1024;
const SLACK_BYTES_PER_EVENT = 64 * 1024;
/** `name\nvalue` pairs: names are tokens, values have no NUL, CR or LF, and no character is beyond a byte. */
const HEADERS = /^(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+\n[\x01-\x09\x0b\x0c\x0e-\xff]*(?:\n(?!$)|$))*$/;
const STATUS_TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

/** What one event has put out in a turn. */
interface Total {
  records: number;
  bytes: number;
}

/**
 * Reads all records of one turn.
 * @throws Violation for anything that is not the form of `out.ts`, or beyond the bounds of a turn
 */
export function decodeOut(values: unknown): OutMessage[] {
  return decodeRecords(new FlatReader(values));
}

/** The same for what a reader has left. @throws Violation as {@link decodeOut} */
export function decodeRecords(reader: FlatReader): OutMessage[] {
  const messages: OutMessage[] = [];
  const weights: number[] = [];
  let allBytes = 0;
  /** Few turns put out so much that it has to be known whose it is. */
  let totals: Map<number, Total> | undefined;
  while (!reader.done) {
    const message = decodeOne(reader);
    const bytes = reader.takeWeight();
    messages.push(message);
    weights.push(bytes);
    allBytes += bytes;
    if (messages.length <= RECORDS_PER_TURN && allBytes <= OUTPUT_BYTES_PER_TURN) continue;
    if (totals === undefined) totals = totalsOf(messages, weights);
    else count(totals, message.event, bytes);
    // Each event that is stopped for the others' sake has last words of its own.
    if (messages.length > RECORDS_OF_ALL_PER_TURN + SLACK_RECORDS * totals.size)
      throw new Violation("too many records of all events in one turn");
    if (allBytes > OUTPUT_BYTES_OF_ALL_PER_TURN + SLACK_BYTES + SLACK_BYTES_PER_EVENT * totals.size)
      throw new Violation("too many bytes of all events in one turn");
  }
  return messages;
}

function totalsOf(messages: readonly OutMessage[], weights: readonly number[]): Map<number, Total> {
  const totals = new Map<number, Total>();
  for (const [index, { event }] of messages.entries()) count(totals, event, weights[index]!);
  return totals;
}

/** @throws Violation where the event has put out more than any may */
function count(totals: Map<number, Total>, event: number, bytes: number): void {
  let total = totals.get(event);
  if (total === undefined) totals.set(event, (total = { records: 0, bytes: 0 }));
  total.records++;
  total.bytes += bytes;
  if (total.records > RECORDS_PER_TURN + SLACK_RECORDS) throw new Violation("too many records in one turn");
  if (total.bytes > OUTPUT_BYTES_PER_TURN + SLACK_BYTES) throw new Violation("too many bytes in one turn");
}

function decodeOne(reader: FlatReader): OutMessage {
  const type = reader.int("record type", 1, 255);
  const event = reader.int("event", 0, MAX_ID);
  switch (type) {
    case Out.head: {
      const status = reader.int("status", 101, 599);
      if (status > 101 && status < 200) throw new Violation("a head with an informational status");
      const statusText = reader.text("status text", MAX_STATUS_TEXT);
      if (!STATUS_TEXT.test(statusText))
        throw new Violation("status text has characters that no status line may hold");
      const headers = reader.text("headers", MAX_HEADERS);
      if (!HEADERS.test(headers)) throw new Violation("headers are not pairs of name and value");
      const body = reader.body("response body", MAX_INLINE);
      if ((status === 101) !== (body[0] === BodyKind.socket))
        throw new Violation("a socket without status 101, or the other way round");
      return { type, event, status, statusText, headers, body, isCoded: reader.flag("isCoded") };
    }
    case Out.chunk:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        bytes: reader.bytes("chunk", CHUNK_BYTES),
      };
    case Out.close:
      return { type, event, stream: reader.int("stream", 1, MAX_ID) };
    case Out.fail:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        message: reader.text("message", MAX_REASON),
      };
    case Out.credit:
      return { type, event, stream: reader.int("stream", 1, MAX_ID), bytes: reader.int("credit", 1, MAX_ID) };
    case Out.cancel:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        reason: reader.text("reason", MAX_REASON),
      };
    case Out.call: {
      const call = reader.int("call", 1, MAX_ID);
      const slot = reader.int("slot", 0, MAX_SLOT);
      const op = reader.text("op", MAX_OP);
      return { type, event, call, slot, op, args: reader.flats("args", MAX_ARGS) };
    }
    case Out.uncall:
      return { type, event, call: reader.int("call", 1, MAX_ID) };
    case Out.timerSet: {
      const timer = reader.int("timer", 1, MAX_ID);
      return { type, event, timer, delayMs: Math.min(reader.amount("delay"), MAX_DELAY_MS) };
    }
    case Out.timerClear:
      return { type, event, timer: reader.int("timer", 1, MAX_ID) };
    case Out.log: {
      const level = reader.text("log level", 8);
      if (!LOG_LEVELS.includes(level as LogLevel)) throw new Violation("unknown log level");
      return {
        type,
        event,
        level: level as LogLevel,
        text: reader.text("log text", LOG_CHARS_PER_EVENT + 1024),
      };
    }
    case Out.exception:
    case Out.loadFailed: {
      const name = reader.text("error name", ERROR_CHARS);
      const message = reader.text("error message", ERROR_CHARS);
      return { type, event, name, message, stack: reader.text("stack", ERROR_CHARS) };
    }
    case Out.passThrough:
      return { type, event };
    case Out.end:
      return { type, event, ok: reader.flag("ok") };
    case Out.loaded:
      return { type, event, handlersJson: reader.text("handlers", MAX_REASON) };
    case Out.slice:
      return { type, event, wallUs: reader.amount("wallUs") };
    case Out.socketMessage:
    case Out.socketPart:
    case Out.socketCredit:
    case Out.socketClose:
      return decodeSocketRecord(reader, type, event);
    default:
      throw new Violation(`unknown outbound record type ${type}`);
  }
}

/** Appends one record, with its event, as it stands in the output of a turn. */
export function encodeOut(into: Flat[], message: OutMessage): void {
  into.push(message.type, message.event);
  switch (message.type) {
    case Out.head:
      into.push(message.status, message.statusText, message.headers);
      into.push(message.body[0], message.body[1], message.isCoded);
      return;
    case Out.chunk:
      into.push(message.stream, message.bytes);
      return;
    case Out.close:
      into.push(message.stream);
      return;
    case Out.fail:
      into.push(message.stream, message.message);
      return;
    case Out.credit:
      into.push(message.stream, message.bytes);
      return;
    case Out.cancel:
      into.push(message.stream, message.reason);
      return;
    case Out.call:
      into.push(message.call, message.slot, message.op, message.args.length, ...message.args);
      return;
    case Out.uncall:
      into.push(message.call);
      return;
    case Out.timerSet:
      into.push(message.timer, message.delayMs);
      return;
    case Out.timerClear:
      into.push(message.timer);
      return;
    case Out.log:
      into.push(message.level, message.text);
      return;
    case Out.exception:
    case Out.loadFailed:
      into.push(message.name, message.message, message.stack);
      return;
    case Out.passThrough:
      return;
    case Out.end:
      into.push(message.ok);
      return;
    case Out.loaded:
      into.push(message.handlersJson);
      return;
    case Out.slice:
      into.push(message.wallUs);
      return;
    case Out.socketMessage:
      into.push(message.socket, message.data);
      return;
    case Out.socketPart:
      into.push(message.socket, message.isText, message.isLast, message.bytes);
      return;
    case Out.socketCredit:
      into.push(message.socket, message.credit);
      return;
    case Out.socketClose:
      into.push(message.socket, message.code, message.reason);
      return;
  }
}
