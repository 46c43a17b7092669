import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { CHUNK_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { MAX_ARGS, MAX_HOST_TEXT, MAX_ID, MAX_REASON } from "./field-bounds.ts";
import { exactBytes, type FlatReader } from "./flat-reader.ts";
import { Violation } from "./violation.ts";

/** Largest chunk or body that the host may hand over, in bytes: it may be generous to itself. */
const MAX_BYTES = 64 * CHUNK_BYTES;

/**
 * Appends one record, without its event, to a slice. Byte arrays become exact.
 * @param asIs leaves byte arrays as they are: for records that are written to a pipe, which copies them anyway
 */
export function encodeIn(into: Flat[], message: InMessage, asIs = false): void {
  const own = asIs ? same : exact;
  into.push(message.type);
  switch (message.type) {
    case In.fetch:
      into.push(
        message.method,
        message.url,
        message.headers,
        message.body[0],
        own(message.body[1]),
        message.cfJson,
      );
      return;
    case In.entry:
      into.push(message.name, message.propsJson);
      return;
    case In.scheduled:
      into.push(message.cron, message.scheduledTimeMs);
      return;
    case In.tail:
      into.push(message.itemsJson);
      return;
    case In.reply:
      into.push(message.call, message.ok, message.values.length);
      for (const value of message.values) into.push(own(value));
      return;
    case In.timer:
      into.push(message.timer);
      return;
    case In.chunk:
      into.push(message.stream, own(message.bytes));
      return;
    case In.close:
      into.push(message.stream);
      return;
    case In.fail:
      into.push(message.stream, message.message);
      return;
    case In.credit:
      into.push(message.stream, message.bytes);
      return;
    case In.cancel:
      into.push(message.stream, message.reason);
      return;
    case In.abort:
      into.push(message.reason);
      return;
    case In.drop:
      return;
    case In.charge:
      into.push(message.cpuUs);
      return;
    case In.rejection:
      into.push(message.name, message.message, message.stack);
      return;
    case In.socketMessage:
      into.push(message.socket, own(message.data));
      return;
    case In.socketPart:
      into.push(message.socket, message.isText, message.isLast, own(message.bytes));
      return;
    case In.socketCredit:
      into.push(message.socket, message.credit);
      return;
    case In.socketClose:
      into.push(message.socket, message.code, message.reason, message.wasClean);
      return;
  }
}

function same(value: Flat): Flat {
  return value;
}

function exact(value: Flat): Flat {
  return value instanceof Uint8Array ? exactBytes(value) : value;
}

/**
 * Reads one record of `event`.
 * @throws Violation for an unknown type or a field of the wrong kind
 */
export function decodeIn(reader: FlatReader, event: number): InMessage {
  const type = reader.int("record type", 1, 255);
  switch (type) {
    case In.fetch: {
      const method = reader.text("method", MAX_REASON);
      const url = reader.text("url", MAX_HOST_TEXT);
      const headers = reader.text("headers", MAX_HOST_TEXT);
      const body = reader.body("request body", MAX_BYTES);
      return { type, event, method, url, headers, body, cfJson: reader.text("cf", MAX_HOST_TEXT) };
    }
    case In.entry: {
      const name = reader.text("entrypoint", MAX_REASON);
      return { type, event, name, propsJson: reader.text("props", MAX_HOST_TEXT) };
    }
    case In.scheduled:
      return {
        type,
        event,
        cron: reader.text("cron", MAX_REASON),
        scheduledTimeMs: reader.amount("scheduledTimeMs"),
      };
    case In.tail:
      return { type, event, itemsJson: reader.text("items", MAX_HOST_TEXT) };
    case In.reply: {
      const call = reader.int("call", 1, MAX_ID);
      const ok = reader.flag("ok");
      return { type, event, call, ok, values: reader.flats("values", MAX_ARGS) };
    }
    case In.timer:
      return { type, event, timer: reader.int("timer", 1, MAX_ID) };
    case In.chunk:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        bytes: reader.bytes("chunk", MAX_BYTES),
      };
    case In.close:
      return { type, event, stream: reader.int("stream", 1, MAX_ID) };
    case In.fail:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        message: reader.text("message", MAX_REASON),
      };
    case In.credit:
      return { type, event, stream: reader.int("stream", 1, MAX_ID), bytes: reader.int("credit", 0, MAX_ID) };
    case In.cancel:
      return {
        type,
        event,
        stream: reader.int("stream", 1, MAX_ID),
        reason: reader.text("reason", MAX_REASON),
      };
    case In.abort:
      return { type, event, reason: reader.text("reason", MAX_REASON) };
    case In.drop:
      return { type, event };
    case In.charge:
      return { type, event, cpuUs: reader.amount("cpuUs") };
    case In.rejection: {
      const name = reader.text("name", MAX_REASON);
      const message = reader.text("message", MAX_HOST_TEXT);
      return { type, event, name, message, stack: reader.text("stack", MAX_HOST_TEXT) };
    }
    case In.socketMessage:
      return {
        type,
        event,
        socket: reader.int("socket", 1, MAX_ID),
        data: reader.message("message", MAX_BYTES, MAX_BYTES),
      };
    case In.socketPart:
      return {
        type,
        event,
        socket: reader.int("socket", 1, MAX_ID),
        isText: reader.flag("isText"),
        isLast: reader.flag("isLast"),
        bytes: reader.bytes("part", MAX_BYTES),
      };
    case In.socketCredit:
      return {
        type,
        event,
        socket: reader.int("socket", 1, MAX_ID),
        credit: reader.int("credit", 0, MAX_ID),
      };
    case In.socketClose:
      return {
        type,
        event,
        socket: reader.int("socket", 1, MAX_ID),
        code: reader.int("code", 0, 4999),
        reason: reader.text("reason", MAX_REASON),
        wasClean: reader.flag("wasClean"),
      };
    default:
      throw new Violation(`unknown inbound record type ${type}`);
  }
}
