import { INLINE_BODY_BYTES } from "../../runtime-api/contract/bounds.ts";
import { BodyKind, type FlatBody } from "../../runtime-api/contract/flat.ts";
import type { EdgeBody } from "./edge.ts";
import type { InboundStreams } from "./inbound-streams.ts";

/**
 * A body of the host as it goes into an isolate: small ones whole, others as a stream read on demand.
 * @param inbound Gives the streams of its event, where one is needed.
 */
export function outgoingBody(body: EdgeBody, inbound: () => InboundStreams): FlatBody {
  if (body === null) return [BodyKind.none, null];
  if (typeof body === "string") {
    if (body.length <= INLINE_BODY_BYTES) return [BodyKind.text, body];
    return [BodyKind.stream, inbound().open(once(new TextEncoder().encode(body)))];
  }
  if (body instanceof Uint8Array) {
    if (body.byteLength <= INLINE_BODY_BYTES) return [BodyKind.bytes, exactCopy(body)];
    return [BodyKind.stream, inbound().open(once(body))];
  }
  return [BodyKind.stream, inbound().open(body)];
}

function exactCopy(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.prototype.slice.call(bytes);
}

function once(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
