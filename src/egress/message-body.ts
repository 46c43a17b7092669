import type { IncomingMessage } from "node:http";
import { tooLarge } from "./decode-guard.ts";
import { CONNECTION_LOST, EgressError } from "./egress-error.ts";

/**
 * The body of an answer of `node:http` as a stream that reads only as it is read, in chunks of their own memory.
 *
 * @param maxBytes What it may have; beyond that it fails and its connection is closed.
 */
export function messageBody(message: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  let sizeBytes = 0;
  let isOver = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = (error: unknown): void => {
          if (isOver) return;
          isOver = true;
          controller.error(error);
          message.destroy();
        };
        message.pause();
        message.on("data", (chunk: Buffer) => {
          message.pause();
          if (isOver) return;
          sizeBytes += chunk.length;
          if (sizeBytes > maxBytes) fail(tooLarge(maxBytes));
          else controller.enqueue(new Uint8Array(chunk));
        });
        message.on("end", () => {
          if (isOver) return;
          isOver = true;
          controller.close();
        });
        message.on("error", () => fail(new EgressError("TypeError", CONNECTION_LOST)));
        message.on("close", () => fail(new EgressError("TypeError", CONNECTION_LOST)));
      },
      pull: () => void message.resume(),
      cancel() {
        isOver = true;
        message.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
