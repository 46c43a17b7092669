import type { AssetReading, AssetStore } from "../storage/asset-store.ts";
import { CONTENT_HEAD_BYTES } from "./content-head.ts";
import type { FoundAsset } from "./manifest.ts";
import { contentName } from "./piece-name.ts";
import { RecentBytes } from "./recent-bytes.ts";

/** How much is read at once. */
const PIECE_BYTES = 64 * 1024;
/** Contents up to this size are answered from memory where they were asked for lately. */
const SMALL_BYTES = 64 * 1024;
/** What such contents take of the memory, of all accounts together. */
const RECENT_BYTES = 32 * 1024 ** 2;

/** Reads contents: small ones from memory where it has them, large ones piece by piece from where they are kept. */
export class ContentReader {
  readonly #store: AssetStore;
  readonly #onFault: (error: unknown) => void;
  readonly #recent = new RecentBytes(RECENT_BYTES);

  /** @param onFault hears of contents that could not be read to their end */
  constructor(store: AssetStore, onFault: (error: unknown) => void) {
    this.#onFault = onFault;
    this.#store = store;
  }

  /**
   * A part of a content, from `start` to before `end`: bytes, which are not to be changed, or a stream that reads when it
   * is asked to.
   * @throws Error if a content that is read whole is not there
   */
  async read(
    account: string,
    { hash, sizeBytes }: FoundAsset,
    start: number,
    end: number,
  ): Promise<Uint8Array | ReadableStream<Uint8Array>> {
    const name = contentName(hash, sizeBytes);
    const open = async (): Promise<AssetReading> => {
      const reading = await this.#store.open(account, name);
      if (reading === null) throw new Error(`the content ${name} of account "${account}" is missing`);
      return reading;
    };
    if (sizeBytes > SMALL_BYTES) return contentStream(open, start, end, this.#onFault);
    const bytes = await this.#recent.get(
      `${account}/${name}`,
      async () => await readWhole(await open(), sizeBytes),
    );
    return bytes.subarray(start, end);
  }
}

async function readWhole(reading: AssetReading, sizeBytes: number): Promise<Uint8Array> {
  try {
    const bytes = await reading.read(CONTENT_HEAD_BYTES, sizeBytes);
    if (bytes.length !== sizeBytes) throw new Error("a content is shorter than it was");
    return bytes;
  } finally {
    await reading.close();
  }
}

/** Opens the file when the first piece is wanted: a body that nobody reads holds nothing. */
function contentStream(
  open: () => Promise<AssetReading>,
  start: number,
  end: number,
  onFault: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  let reading: AssetReading | undefined;
  let at = start;
  let isOver = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reading ??= await open();
          if (isOver) return await reading.close();
          const bytes = await reading.read(CONTENT_HEAD_BYTES + at, Math.min(PIECE_BYTES, end - at));
          if (isOver) return;
          if (bytes.length === 0) throw new Error("a content is shorter than it was");
          at += bytes.length;
          controller.enqueue(bytes);
          if (at < end) return;
          controller.close();
          await reading.close();
        } catch (error) {
          // Whoever asked went away: that the file is closed meanwhile is no fault.
          if (isOver) return;
          onFault(error);
          controller.error(error);
          await reading?.close();
        }
      },
      async cancel() {
        isOver = true;
        await reading?.close();
      },
    },
    { highWaterMark: 0 },
  );
}
