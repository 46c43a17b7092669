import { createHash } from "node:crypto";
import type { VersionInfo } from "../../../src/index.ts";
import type { UploadForm } from "./read-upload-form.ts";

/** For how long an upload whose client went away can be taken up again, in ms. */
const KEPT_MS = 300_000;
/** Uploads that are remembered at once, of all accounts. */
const MOST = 200;
/** Texts that are longer are code: their digest takes their place. */
const LONG = 1_000;

interface Made {
  readonly version: Promise<VersionInfo>;
  /** Aborted when the client went away before it had the answer. */
  readonly signal: AbortSignal;
  readonly atMs: number;
}

/**
 * Makes one version of an upload that is sent again because its connection broke off: wrangler tries three times. Only
 * a client that went away without the answer is taken to try again; the same code uploaded twice is two versions.
 */
export class UploadRetries {
  readonly #made = new Map<string, Made>();

  /**
   * The version of an upload: that of the attempt before where its client never had the answer, else a new one.
   * @param of Who uploads what; `how`, since an upload and a deploy are not the same.
   * @param signal The request's.
   * @param isCurrent Whether a version that was made is what the attempt would give: nothing came in between.
   */
  async once(
    of: { readonly how: "upload" | "deploy"; readonly token: string; readonly form: UploadForm },
    signal: AbortSignal,
    isCurrent: (versionId: string) => boolean,
    make: () => Promise<VersionInfo>,
  ): Promise<VersionInfo> {
    this.#forgetOld();
    const key = digest(of);
    const before = this.#made.get(key);
    if (before?.signal.aborted === true) {
      this.#keep(key, { ...before, signal });
      const made = await before.version;
      if (isCurrent(made.id)) return made;
    }
    const version = make();
    this.#keep(key, { version, signal, atMs: performance.now() });
    try {
      return await version;
    } catch (error) {
      if (this.#made.get(key)?.version === version) this.#made.delete(key);
      throw error;
    }
  }

  /** The newest stand last. */
  #keep(key: string, made: Made): void {
    this.#made.delete(key);
    this.#made.set(key, made);
  }

  #forgetOld(): void {
    const oldMs = performance.now() - KEPT_MS;
    for (const [key, { atMs }] of this.#made) {
      if (atMs > oldMs && this.#made.size < MOST) break;
      this.#made.delete(key);
    }
  }
}

/** Of all that the client sent, which names account and worker too; boundaries of forms differ with each attempt. */
function digest({ how, token, form }: Parameters<UploadRetries["once"]>[0]): string {
  const { upload, annotations, settings } = form;
  const short = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array || (typeof value === "string" && value.length > LONG) ? sha256(value) : value;
  return sha256(JSON.stringify([how, token, upload, annotations, settings], short));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
