import type { AssetLibrary } from "./asset-library.ts";

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/** Removes what no version names, of all accounts: a minute after the host's start, and every hour. */
export class AssetSweeper {
  readonly #library: Pick<AssetLibrary, "sweepAll">;
  readonly #onFault: (error: unknown) => void;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(library: Pick<AssetLibrary, "sweepAll">, onFault: (error: unknown) => void) {
    this.#library = library;
    this.#onFault = onFault;
    this.#timer = setTimeout(() => this.#sweep(), FIRST_MS).unref();
  }

  #sweep(): void {
    this.#sweeping = this.#library.sweepAll(this.#stop.signal).catch(this.#onFault);
    void this.#sweeping.then(() => {
      if (!this.#stop.signal.aborted) this.#timer = setTimeout(() => this.#sweep(), EVERY_MS).unref();
    });
  }

  /** Resolves when nothing is removed any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#sweeping;
  }
}
