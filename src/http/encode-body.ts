import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
import type { EdgeBody } from "../dispatch/edge.ts";
import type { Coding } from "../egress/coding.ts";
import { type RoomBounds, SharedRoom } from "../limits/shared-room.ts";

/** Levels that cost little: whoever wants more encodes the body, and says so. */
const GZIP_LEVEL = 4;
const BROTLI_QUALITY = 3;
/** 256 KiB: with the default of 4 MiB each encoder takes many times the memory. */
const BROTLI_WINDOW_BITS = 18;
/** How many bodies are encoded at once in this process: each holds its encoder as long as its client reads. */
const MOST: RoomBounds = { all: 96, perAccount: 32 };

const encoders = new SharedRoom(MOST);

/** What a byte costs to encode at these levels, in microseconds; bytes that were made to be slow cost some times that. */
const BYTE_US = 0.02;

/** Whether a client takes a coding, by its `Accept-Encoding`. RFC 9110, 12.5.3. */
export function accepts(acceptEncoding: string | undefined, coding: Coding): boolean {
  const weights = new Map<string, number>();
  for (const part of (acceptEncoding ?? "").toLowerCase().split(",", 32)) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (weights.get(coding) ?? weights.get("*") ?? 0) > 0;
}

/**
 * Encodes a body while it is sent. What has come is given out at once, so that events of a stream do not wait for
 * the next ones.
 *
 * @param account whose body it is
 * @param spent hears what it costs the threads of the process, by bytes: these cannot be asked
 * @returns null where the account has as many encoders as it may have: the body goes out plain then, which is right for
 * any client
 */
export function encodeBody(
  body: Exclude<EdgeBody, null>,
  coding: Coding,
  account: string,
  spent: (cpuUs: number) => void = () => {},
): ReadableStream<Uint8Array> | null {
  if (!encoders.take(account, 1)) return null;
  const source = body instanceof ReadableStream ? Readable.fromWeb(body as NodeReadableStream) : whole(body);
  const made = encoder(coding);
  let toldBytes = 0;
  const tell = (): void => {
    const cpuUs = Math.round((made.bytesWritten - toldBytes) * BYTE_US);
    toldBytes = made.bytesWritten;
    spent(cpuUs);
  };
  made.on("drain", tell);
  made.once("close", () => {
    tell();
    encoders.give(account, 1);
  });
  // What fails on the way fails the reader of its end.
  return Readable.toWeb(pipeline(source, made, () => {})) as ReadableStream<Uint8Array>;
}

function whole(body: string | Uint8Array): Readable {
  return Readable.from([Buffer.from(body as string)], { objectMode: false });
}

function encoder(coding: Coding): ReturnType<typeof createGzip> | ReturnType<typeof createBrotliCompress> {
  if (coding === "gzip") return createGzip({ level: GZIP_LEVEL, flush: constants.Z_SYNC_FLUSH });
  return createBrotliCompress({
    flush: constants.BROTLI_OPERATION_FLUSH,
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
    },
  });
}
