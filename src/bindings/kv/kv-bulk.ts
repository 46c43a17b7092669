import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import type { Bytes, KvReading } from "../../storage/kv-store.ts";
import type { CallContext } from "../binding.ts";
import { kvFailure } from "./kv-failure.ts";
import { MANY_BYTES } from "./kv-limits.ts";
import type { KvRooms } from "./kv-rooms.ts";
import { piecesOf, streamOf } from "./kv-value.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Answers a bulk read. Values that are small together go along with the reply; others follow in one stream, of which
 * the host reads what the isolate has credit for. Small values are held until then: the room of the account has them.
 *
 * @param read opens one value
 */
export async function readMany(
  keys: readonly Bytes[],
  rooms: KvRooms,
  context: CallContext,
  read: (key: Bytes) => Promise<KvReading | null>,
): Promise<readonly Flat[]> {
  const { account, signal } = context;
  let held = keys.length * INLINE_BODY_BYTES;
  await rooms.takeForRead("GET_BULK", account, held, signal);
  const giveBack = (bytes: number): void => {
    held -= bytes;
    rooms.giveFromRead(account, bytes);
  };
  try {
    const readings: (KvReading | null)[] = [];
    let sizeBytes = 0;
    for (const key of keys) {
      await rooms.reading.turn(account);
      const reading = await read(key);
      // Counted before the values are read: a request that is too large costs little.
      sizeBytes += reading?.sizeBytes ?? 0;
      if (sizeBytes > MANY_BYTES) throw tooLarge();
      readings.push(reading);
      giveBack(INLINE_BODY_BYTES - (reading?.whole?.length ?? 0));
    }
    if (sizeBytes <= INLINE_BODY_BYTES && readings.every((reading) => reading?.whole !== null)) {
      const texts = readings.flatMap((reading) => entry(reading, ({ whole }) => decoder.decode(whole!)));
      return [BodyKind.none, null, ...texts];
    }
    const inStream = held;
    held = 0;
    const stream = streamOf(all(readings, rooms, context), context, "GET_BULK", () =>
      rooms.giveFromRead(account, inStream),
    );
    const sizes = readings.flatMap((reading) => entry(reading, ({ sizeBytes: size }) => size));
    return [BodyKind.stream, context.openStream(stream), ...sizes];
  } finally {
    giveBack(held);
  }
}

function entry(reading: KvReading | null, show: (reading: KvReading) => Flat): Flat[] {
  if (reading === null) return [false, null, null];
  return [true, show(reading), reading.meta === null ? null : decoder.decode(reading.meta)];
}

async function* all(
  readings: (KvReading | null)[],
  rooms: KvRooms,
  context: CallContext,
): AsyncGenerator<Bytes, void, undefined> {
  for (const reading of readings) if (reading !== null) yield* piecesOf(reading, rooms, context);
}

function tooLarge(): Error {
  return kvFailure("GET_BULK", 413, `Total size of request exceeds the limit of ${MANY_BYTES / 1024 ** 2}MB`);
}
