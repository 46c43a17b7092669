import { workerKey } from "../ids/worker-key.ts";
import type { Version } from "../versions/version.ts";

/** Previews of all workers that are kept ready; the one asked for longest ago goes first. */
const MAX_KEPT = 1_000;

/** Of one worker: it cannot push out those of others. */
const MAX_OF_WORKER = 10;

export interface PreviewSource {
  /** Id of the version that a label means; null if there is none. */
  find(account: string, worker: string, label: string): string | null;
  /** The version, ready to be started. @throws where it is gone. */
  restore(account: string, worker: string, id: string): Version;
}

/** Versions that are asked by their own host names, whether or not they take traffic. */
export class Previews {
  readonly #source: PreviewSource;
  /** By worker and label, in order of last use. */
  readonly #kept = new Map<string, Version>();

  constructor(source: PreviewSource) {
    this.#source = source;
  }

  /**
   * The version of a worker that a label means.
   * @param label The first eight digits of its id, or its alias.
   */
  find(account: string, worker: string, label: string): Version | null {
    const key = `${workerKey(account, worker)}\n${label}`;
    let version = this.#kept.get(key);
    if (version === undefined) {
      const id = this.#source.find(account, worker, label);
      // What is not there is not kept: anyone may ask for any label.
      if (id === null) return null;
      version = this.#source.restore(account, worker, id);
      this.#makeRoom(`${workerKey(account, worker)}\n`);
    }
    this.#kept.delete(key);
    this.#kept.set(key, version);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return version;
  }

  /** Looks anew at a worker's versions from now on: they, or their aliases, have changed. */
  forget(account: string, worker: string): void {
    const prefix = `${workerKey(account, worker)}\n`;
    for (const key of this.#kept.keys()) if (key.startsWith(prefix)) this.#kept.delete(key);
  }

  #makeRoom(prefix: string): void {
    const own = [...this.#kept.keys()].filter((key) => key.startsWith(prefix));
    if (own.length >= MAX_OF_WORKER) this.#kept.delete(own[0]!);
  }
}
