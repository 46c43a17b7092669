import { SkerryError } from "../../errors/skerry-error.ts";
import { versionHash } from "../hash.ts";
import { unpackVersion } from "../pack.ts";
import { unpackPositions } from "../pack-positions.ts";
import type { TransformedVersion } from "../transformed-version.ts";
import type { UploadLimits, WorkerUpload } from "../upload.ts";
import { MAX_SOURCE_MAP_CHARS } from "../upload.ts";
import { UploadRefused } from "../upload-refused.ts";
import { ChildFailed, TransformerProcess } from "./child-process.ts";
import type { ChildFailure } from "./child-process.ts";
import { decodeAnswer, encodeJob } from "./job.ts";

export interface TransformerOptions {
  /** Heap of a child process, in MB. @default 1024 */
  readonly memoryMb?: number;
  /** CPU for one upload, in ms, or time where the system does not tell its CPU; waiting for a child not included. @default 30000 */
  readonly timeMs?: number;
  /** Time after which an idle child ends, in ms. @default 60000 */
  readonly idleMs?: number;
  /** Uploads that are transformed at once, each in a child of its own. @default 2 */
  readonly concurrency?: number;
  /** Hears how long a child worked for an account, in ms. */
  readonly onSpent?: (account: string, tookMs: number) => void;
}

/** Turns uploads into versions, in child processes with caps on memory and time. */
export interface Transformer {
  /**
   * Checks an upload and transforms it. Where many wait, accounts take turns.
   *
   * @param account whose upload it is
   * @throws {UploadRefused} with all that is wrong with the upload
   * @throws {SkerryError} with code `TRANSFORMER_CLOSED`
   */
  transform(upload: WorkerUpload, limits: UploadLimits, account?: string): Promise<TransformedVersion>;
  /** Ends the child processes; transforms under way are rejected. */
  close(): void;
}

/**
 * Makes a {@link Transformer}. The first upload starts a child process; it is kept for the next ones.
 *
 * @example
 * const transformer = createTransformer();
 * const version = await transformer.transform({ modules, main: "index.js" }, limits);
 */
export function createTransformer(options: TransformerOptions = {}): Transformer {
  return new ChildTransformer(options);
}

class ChildTransformer implements Transformer {
  readonly #memoryMb: number;
  readonly #timeMs: number;
  readonly #idleMs: number;
  readonly #concurrency: number;
  readonly #busy = new Set<TransformerProcess>();
  readonly #idle: { child: TransformerProcess; timer: NodeJS.Timeout }[] = [];
  readonly #onSpent: (account: string, tookMs: number) => void;
  /** Uploads that wait, by account, the one that is next first. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #running = 0;
  #closed = false;

  constructor({
    memoryMb = 1024,
    timeMs = 30_000,
    idleMs = 60_000,
    concurrency = 2,
    onSpent = () => {},
  }: TransformerOptions) {
    this.#onSpent = onSpent;
    this.#memoryMb = memoryMb;
    this.#timeMs = timeMs;
    this.#idleMs = idleMs;
    this.#concurrency = concurrency;
  }

  async transform(upload: WorkerUpload, limits: UploadLimits, account = ""): Promise<TransformedVersion> {
    const sizeBytes = uploadBytes(upload);
    if (sizeBytes > limits.scriptBytes) {
      throw refused(upload, `the upload has ${sizeBytes} bytes; at most ${limits.scriptBytes} are allowed`);
    }
    const job = encodeJob(withoutHugeMaps(upload), limits);
    const answer = await this.#run(job, 8 * limits.scriptBytes + 2 * MAX_SOURCE_MAP_CHARS, upload, account);
    if (!answer.ok) throw new UploadRefused(answer.problems);
    const version = unpackVersion(answer.version);
    // Their form is checked now, for an error at once: a child that read hostile source made them.
    unpackPositions(version.positions);
    return { ...version, sizeBytes, hash: versionHash(version) };
  }

  close(): void {
    this.#closed = true;
    for (const { child, timer } of this.#idle.splice(0)) {
      clearTimeout(timer);
      child.kill("closed");
    }
    for (const child of this.#busy) child.kill("closed");
    for (let go = this.#next(); go !== undefined; go = this.#next()) go();
  }

  async #run(
    job: Uint8Array,
    maxBytes: number,
    upload: WorkerUpload,
    account: string,
  ): Promise<ReturnType<typeof decodeAnswer>> {
    if (this.#running >= this.#concurrency) await new Promise<void>((go) => this.#wait(account, go));
    else this.#running += 1;
    try {
      for (;;) {
        const child = this.#take();
        this.#busy.add(child);
        const wasUsed = child.answered > 0;
        const startMs = performance.now();
        // The start of a child is nobody's doing, unless an upload ended the one before.
        let isCharged = wasUsed;
        try {
          const answer = decodeAnswer(await child.run(job, this.#timeMs, maxBytes));
          this.#keep(child);
          return answer;
        } catch (error) {
          child.kill("crash");
          isCharged = true;
          const reason = error instanceof ChildFailed ? error.reason : "crash";
          if (reason === "closed") throw closed();
          // A child that had served before may have died of something else than this upload.
          if (reason !== "crash" || !wasUsed) throw refused(upload, this.#explain(reason));
        } finally {
          this.#busy.delete(child);
          if (isCharged) this.#onSpent(account, performance.now() - startMs);
        }
      }
    } finally {
      const next = this.#next();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #wait(account: string, go: () => void): void {
    const waiting = this.#waiting.get(account);
    if (waiting === undefined) this.#waiting.set(account, [go]);
    else waiting.push(go);
  }

  #next(): (() => void) | undefined {
    for (const [account, waiting] of this.#waiting) {
      const go = waiting.shift();
      this.#waiting.delete(account);
      if (waiting.length > 0) this.#waiting.set(account, waiting);
      return go;
    }
    return undefined;
  }

  #take(): TransformerProcess {
    if (this.#closed) throw closed();
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      clearTimeout(kept.timer);
      if (!kept.child.ended) return kept.child;
    }
    return new TransformerProcess(this.#memoryMb);
  }

  #keep(child: TransformerProcess): void {
    if (this.#closed) return child.kill("closed");
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(kept), 1);
      child.kill("closed");
    }, this.#idleMs);
    timer.unref();
    const kept = { child, timer };
    this.#idle.push(kept);
  }

  #explain(reason: ChildFailure): string {
    if (reason === "memory") return `the code could not be analysed within ${this.#memoryMb} MB of memory`;
    if (reason === "time") return `the code could not be analysed within ${this.#timeMs} ms of CPU`;
    return "the code could not be analysed: the parser failed on it";
  }
}

function uploadBytes({ modules }: WorkerUpload): number {
  return modules.reduce((sum, { content }) => {
    return sum + (typeof content === "string" ? Buffer.byteLength(content) : content.length);
  }, 0);
}

/** Maps serve readability only: what is too large is left out, not refused. */
function withoutHugeMaps(upload: WorkerUpload): WorkerUpload {
  let chars = 0;
  const maps = Object.entries(upload.sourceMaps ?? {}).filter(([, map]) => {
    if (chars + map.length > MAX_SOURCE_MAP_CHARS) return false;
    chars += map.length;
    return true;
  });
  return { ...upload, sourceMaps: Object.fromEntries(maps) };
}

function refused({ main }: WorkerUpload, reason: string): UploadRefused {
  return new UploadRefused([{ file: main, line: null, column: null, reason }]);
}

function closed(): SkerryError {
  return new SkerryError("TRANSFORMER_CLOSED", "Cannot transform the upload: the transformer is closed");
}
