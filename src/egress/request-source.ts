import { Readable } from "node:stream";
import type { OutboundBody } from "./outbound-request.ts";

/** A request's body in the form that undici takes, and the way to let go of it. */
export interface RequestSource {
  readonly body: string | Uint8Array | Readable | null;
  cancel(): void;
}

/** Reads a stream only as fast as the origin takes it. */
export function requestSource(body: OutboundBody): RequestSource {
  if (!(body instanceof ReadableStream)) return { body, cancel: () => {} };
  const reader = body.getReader();
  const readable = new Readable({
    highWaterMark: 1,
    read() {
      reader.read().then(
        ({ done, value }) => void this.push(done ? null : value),
        (error: unknown) => this.destroy(error as Error),
      );
    },
    destroy(error, callback) {
      reader.cancel(error ?? undefined).catch(() => {});
      callback(error);
    },
  });
  readable.on("error", () => {}); // undici reports it with the request
  return { body: readable, cancel: () => void readable.destroy() };
}
