import { randomFillSync } from "node:crypto";
import { maskBytes } from "./mask.ts";

/** What a frame is (RFC 6455, section 5.2). */
export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
export type Opcode = (typeof Opcode)[keyof typeof Opcode];

/**
 * The bytes of a frame, as one piece or as head and payload.
 *
 * @param masks Whether it is a client's frame. The payload is copied then, and used as it is otherwise.
 */
export function writeFrame(
  opcode: Opcode,
  isFinal: boolean,
  payload: Uint8Array,
  masks: boolean,
): Uint8Array[] {
  const size = payload.length;
  const lengthBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = new Uint8Array(2 + lengthBytes + (masks ? 4 : 0));
  const view = new DataView(head.buffer);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = (masks ? 0x80 : 0) | (lengthBytes === 0 ? size : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) view.setUint16(2, size);
  else if (lengthBytes === 8) view.setBigUint64(2, BigInt(size));
  if (!masks) return size === 0 ? [head] : [head, payload];
  const mask = head.subarray(2 + lengthBytes);
  randomFillSync(mask);
  if (size === 0) return [head];
  const masked = new Uint8Array(payload);
  maskBytes(masked, mask);
  return [head, masked];
}

/** The payload of a close frame. @param code 0 for none */
export function closePayload(code: number, reason: string): Uint8Array {
  if (code === 0) return new Uint8Array(0);
  const text = new TextEncoder().encode(reason);
  const payload = new Uint8Array(2 + text.length);
  new DataView(payload.buffer).setUint16(0, code);
  payload.set(text, 2);
  return payload;
}
