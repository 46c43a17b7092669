import { createHash } from "node:crypto";
import type { VersionInfo } from "../../../src/index.ts";
import type { UploadForm } from "./read-upload-form.ts";

/** For how long an upload whose client went away can be taken up again, in ms. */
const KEPT_MS = 300_000;
/** Uploads that are remembered at once, of all accounts, and tokens. */
const MOST = 200;
/** Texts that are longer are code: their digest takes their place. */
const LONG = 1_000;
/** What names a worker; names have no character that is written otherwise in a path. */
const OF_WORKER = /\/accounts\/([^/]+)\/workers\/(?:scripts|services|workers)\/([^/]+)/;

interface Made {
  readonly version: Promise<VersionInfo>;
  /** Aborted when the client went away before it had the answer. */
  readonly signal: AbortSignal;
  readonly atMs: number;
}

/** Who uploads what. */
interface Upload {
  /** An upload and a deploy are not the same. */
  readonly how: "upload" | "deploy";
  readonly token: string;
  readonly form: UploadForm;
  /** What `used` gave. */
  readonly after: string | undefined;
}

/**
 * Makes one version of an upload that is sent again because its connection broke off: wrangler tries three times. A client
 * is taken to try again if it went away before the answer was out, or if it has asked for nothing else of the worker since:
 * whether an answer that the system took has come to the client, nobody here knows, but who has it goes on to something
 * else. The same code uploaded twice, as by two runs of wrangler, is two versions: each asks for the worker first.
 */
export class UploadRetries {
  readonly #made = new Map<string, Made>();
  /** The upload that is the last of what a token was used for, by token and worker. */
  readonly #last = new Map<string, string>();

  /**
   * A token is used for whatever a path names. Other clients may have the token as well: what is not of the same worker
   * says nothing.
   * @returns the upload that it was used for just before, for `once`
   */
  used(token: string, path: string): string | undefined {
    const [, account, name] = OF_WORKER.exec(path) ?? [];
    if (account === undefined || name === undefined) return undefined;
    const place = placeOf(token, account, name);
    const last = this.#last.get(place);
    this.#last.delete(place);
    return last;
  }

  /**
   * The version of an upload: that of the attempt before where its client never had the answer, else a new one.
   * @param signal The request's.
   * @param isCurrent Whether a version that was made is what the attempt would give: nothing came in between.
   */
  async once(
    of: Upload,
    signal: AbortSignal,
    isCurrent: (versionId: string) => boolean,
    make: () => Promise<VersionInfo>,
  ): Promise<VersionInfo> {
    this.#forgetOld();
    const key = digest(of);
    const before = this.#made.get(key);
    if (before !== undefined && (before.signal.aborted || of.after === key)) {
      this.#keep(key, { ...before, signal });
      const made = await before.version;
      if (isCurrent(made.id)) return this.#done(of, key, made);
    }
    const version = make();
    this.#keep(key, { version, signal, atMs: performance.now() });
    try {
      return this.#done(of, key, await version);
    } catch (error) {
      if (this.#made.get(key)?.version === version) this.#made.delete(key);
      throw error;
    }
  }

  #done({ token, form: { upload } }: Upload, key: string, version: VersionInfo): VersionInfo {
    const place = placeOf(token, upload.account, upload.name);
    this.#last.delete(place);
    this.#last.set(place, key);
    if (this.#last.size > MOST) this.#last.delete(this.#last.keys().next().value!);
    return version;
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

function placeOf(token: string, account = "", name = ""): string {
  return [token, account, name].join("/");
}

/** Of all that the client sent, which names account and worker too; boundaries of forms differ with each attempt. */
function digest({ how, token, form }: Upload): string {
  const { upload, annotations, settings } = form;
  const short = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array || (typeof value === "string" && value.length > LONG) ? sha256(value) : value;
  return sha256(JSON.stringify([how, token, upload, annotations, settings], short));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
