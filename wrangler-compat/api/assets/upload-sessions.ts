import { randomBytes } from "node:crypto";
import type { AssetFiles, TokenInfo } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import { TokenSigner } from "./signed-token.ts";

/** From the list of files to the upload of the version that has them. */
const LIFE_MS = 60 * 60 * 1_000;
/** Files that all sessions name, and those of one account: older sessions give way. */
const MOST_FILES = 400_000;
const MOST_FILES_OF_ACCOUNT = 100_000;
const MOST_OF_ACCOUNT = 50;
/** Characters of the paths that all sessions name, and those of one account. */
const MOST_CHARS = 64 * 1024 * 1024;
const MOST_CHARS_OF_ACCOUNT = 16 * 1024 * 1024;
/** Contents of this size on average are sent one by one, as they are, and not as base64 in forms. */
const SINGLE_FROM_BYTES = 1024 * 1024;

/** A list of files whose contents are on their way. */
export interface UploadSession {
  readonly id: string;
  readonly account: string;
  readonly worker: string;
  /** The token with which it began. */
  readonly token: TokenInfo;
  readonly files: AssetFiles;
  readonly fileCount: number;
  /** Of all paths. */
  readonly chars: number;
  /** Of each content that was missing, by hash. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Hashes of contents that are still missing. */
  readonly missing: Set<string>;
  readonly endsAtMs: number;
}

/** Uploads of assets that are under way. They end with the host: what was put by then need not be put again. */
export class UploadSessions {
  readonly #signer = new TokenSigner();
  readonly #sessions = new Map<string, UploadSession>();
  readonly #nowMs: () => number;

  /** @param nowMs since the epoch */
  constructor(nowMs: () => number = () => Date.now()) {
    this.#nowMs = nowMs;
  }

  begin(of: Pick<UploadSession, "account" | "worker" | "token" | "files" | "sizes">): UploadSession {
    const session: UploadSession = {
      ...of,
      id: randomBytes(16).toString("hex"),
      fileCount: Object.keys(of.files).length,
      chars: Object.keys(of.files).reduce((sum, path) => sum + path.length, 0),
      missing: new Set(of.sizes.keys()),
      endsAtMs: this.#nowMs() + LIFE_MS,
    };
    this.#sessions.set(session.id, session);
    this.#makeRoom(session);
    return session;
  }

  /** The token with which contents are uploaded, or, once all are there, the version that has them. */
  tokenOf({ id, account, worker, endsAtMs, missing, sizes }: UploadSession): string {
    let bytes = 0;
    for (const hash of missing) bytes += sizes.get(hash) ?? 0;
    const isSingle = missing.size > 0 && bytes / missing.size >= SINGLE_FROM_BYTES;
    return this.#signer.sign({
      exp: Math.floor(endsAtMs / 1_000),
      sub: account,
      worker,
      session: id,
      ...(isSingle && { wrangler_single_asset_uploads: true, edge_kv_upload_concurrency: 3 }),
    });
  }

  /** The session of a token, if there is one and it is not over. */
  find(token: string): UploadSession | undefined {
    const claims = this.#signer.verify(token, this.#nowMs());
    return claims === null ? undefined : this.#sessions.get(claims["session"] as string);
  }

  /**
   * The session of a token, all of whose contents are there.
   * @throws ApiError 400 for any other token, and for those of other workers and accounts
   */
  completed(token: unknown, account: string, worker: string): UploadSession {
    const session = typeof token === "string" ? this.find(token) : undefined;
    if (session?.account === account && session.worker === worker && session.missing.size === 0)
      return session;
    throw new ApiError(
      400,
      Code.scriptRefused,
      "metadata.assets.jwt is no token of a complete asset upload to this worker, or it is over; deploy again",
    );
  }

  #makeRoom({ id, account }: UploadSession): void {
    let count = 0;
    let files = 0;
    let filesOfAccount = 0;
    let chars = 0;
    let charsOfAccount = 0;
    // The newest first: they stay.
    for (const session of [...this.#sessions.values()].toReversed()) {
      files += session.fileCount;
      chars += session.chars;
      if (session.account === account) {
        count++;
        filesOfAccount += session.fileCount;
        charsOfAccount += session.chars;
      }
      const isTooMany =
        files > MOST_FILES ||
        chars > MOST_CHARS ||
        (session.account === account &&
          (count > MOST_OF_ACCOUNT ||
            filesOfAccount > MOST_FILES_OF_ACCOUNT ||
            charsOfAccount > MOST_CHARS_OF_ACCOUNT));
      if (session.id === id) continue;
      if (isTooMany || session.endsAtMs <= this.#nowMs()) this.#sessions.delete(session.id);
    }
  }
}
