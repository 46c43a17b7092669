import { CHUNK_BYTES, SOCKET_REASON_BYTES, SOCKET_TEXT_UNITS } from "../../../runtime-api/contract/bounds.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import { isCloseCode } from "../../../runtime-api/contract/sockets.ts";
import { MAX_ID } from "./field-bounds.ts";
import type { FlatReader } from "./flat-reader.ts";
import { Violation } from "./violation.ts";

/** A record of a WebSocket that came out of an isolate. */
export type SocketOut = OutMessage & {
  type: typeof Out.socketMessage | typeof Out.socketPart | typeof Out.socketCredit | typeof Out.socketClose;
};

/**
 * Reads the fields of one outbound record of a WebSocket.
 * @throws Violation for a field of the wrong kind, or a code or reason that no close frame may carry
 */
export function decodeSocketRecord(reader: FlatReader, type: SocketOut["type"], event: number): SocketOut {
  const socket = reader.int("socket", 1, MAX_ID);
  switch (type) {
    case Out.socketMessage:
      return { type, event, socket, data: reader.message("message", SOCKET_TEXT_UNITS, CHUNK_BYTES) };
    case Out.socketPart: {
      const isText = reader.flag("isText");
      const isLast = reader.flag("isLast");
      return { type, event, socket, isText, isLast, bytes: reader.bytes("part", CHUNK_BYTES) };
    }
    case Out.socketCredit:
      return { type, event, socket, credit: reader.int("credit", 1, MAX_ID) };
    case Out.socketClose: {
      const code = reader.int("code", 0, 4999);
      const reason = reader.text("reason", SOCKET_REASON_BYTES);
      if (code === 0 ? reason !== "" : !isCloseCode(code))
        throw new Violation("a close whose code and reason no frame may carry");
      if (Buffer.byteLength(reason) > SOCKET_REASON_BYTES)
        throw new Violation("a close whose reason is too long");
      return { type, event, socket, code, reason };
    }
  }
}
