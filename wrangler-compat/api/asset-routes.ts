import { accountOf, type ApiApp, type ApiOptions, type ApiRequest, audit, part } from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { base64Pieces, base64Size } from "./assets/base64-pieces.ts";
import { planBuckets } from "./assets/plan-buckets.ts";
import { readManifest } from "./assets/read-manifest.ts";
import type { UploadSession, UploadSessions } from "./assets/upload-sessions.ts";
import { readForm } from "./body/read-form.ts";
import { success } from "./envelope.ts";

const WORKERS = "/accounts/:account/workers";
/** A bucket, or one large file, as base64. */
const FORM_BYTES = 128 * 1024 * 1024;
/** Stands for no type: the file is served without one. */
const NO_TYPE = "application/null";

/** Static assets: the list of files first, then the contents that are not there yet, under a token of their own. */
export function addAssetRoutes(app: ApiApp, options: ApiOptions, sessions: UploadSessions): void {
  const { control } = options;
  app.post(`${WORKERS}/scripts/:name/assets-upload-session`, async (context) => {
    const account = accountOf(context, "deploy");
    const worker = part(context, "name");
    const files = await readManifest(context, control.assets.bounds(account).versionFiles);
    const missing = new Set(await control.assets.missing(account, files));
    const sizes = new Map<string, number>();
    for (const { hash, sizeBytes } of Object.values(files)) if (missing.has(hash)) sizes.set(hash, sizeBytes);
    const session = sessions.begin({ account, worker, token: context.get("token"), files, sizes });
    audit(context, options, account, "upload-assets", `${worker} ${sizes.size}`);
    return success({ jwt: sessions.tokenOf(session), buckets: planBuckets(sizes) });
  });
  app.post(`${WORKERS}/assets/upload`, async (context) => {
    const session = sessionOf(context);
    if (context.req.query("base64") !== "true")
      throw new ApiError(400, Code.badAssets, 'Contents must be in base64: ask with "base64=true"');
    const form = await readForm(context, FORM_BYTES);
    const contents = [...form].map(([hash, value]) => {
      if (typeof value === "string") throw badAsset(hash, "is no file");
      return { hash, sizeBytes: sizeOf(session, hash), file: value };
    });
    if (contents.length === 0) throw new ApiError(400, Code.badAssets, "The form has no contents");
    for (const { hash, sizeBytes, file } of contents) {
      const text = await file.bytes();
      const found = base64Size(text);
      if (found === null) throw badAsset(hash, "is no base64");
      if (found !== sizeBytes) throw wrongSize(hash, found, sizeBytes);
      const pieces = base64Pieces(text, () => badAsset(hash, "is no base64"));
      await control.assets.put(session.account, hash, pieces, typeOf(file.type));
      session.missing.delete(hash);
    }
    return success(progress(sessions, session));
  });
  // One content as it is, for tokens that say so.
  app.post(`${WORKERS}/assets/upload/:hash`, async (context) => {
    const session = sessionOf(context);
    const hash = part(context, "hash");
    const content = exactly(context.req.raw.body, hash, sizeOf(session, hash));
    await control.assets.put(session.account, hash, content, typeOf(context.req.header("content-type")));
    session.missing.delete(hash);
    return success(progress(sessions, session));
  });
}

/** @throws ApiError 401, 403, 404 */
function sessionOf(context: ApiRequest): UploadSession {
  const account = accountOf(context, "deploy");
  const session = context.get("upload");
  if (session?.account === account) return session;
  throw new ApiError(401, Code.unauthorized, "Authentication error: contents want the token of their upload");
}

/** @throws ApiError 400 for contents that the session has not named */
function sizeOf(session: UploadSession, hash: string): number {
  const sizeBytes = session.sizes.get(hash);
  if (sizeBytes === undefined) throw badAsset(hash, "is none of those that this upload lacks");
  return sizeBytes;
}

function progress(sessions: UploadSessions, session: UploadSession): { readonly jwt: string | null } {
  return { jwt: session.missing.size === 0 ? sessions.tokenOf(session) : null };
}

function typeOf(type: string | undefined): string | null {
  return type === undefined || type === "" || type.startsWith(NO_TYPE) ? null : type;
}

/** A body of just so many bytes. @throws ApiError 400 otherwise: nothing of it is kept then */
async function* exactly(
  body: ReadableStream<Uint8Array> | null,
  hash: string,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of body ?? []) {
    read += piece.length;
    if (read > sizeBytes) throw wrongSize(hash, read, sizeBytes);
    yield piece;
  }
  if (read < sizeBytes) throw wrongSize(hash, read, sizeBytes);
}

function wrongSize(hash: string, found: number, sizeBytes: number): ApiError {
  return badAsset(hash, `has ${found} bytes or more, and the manifest says ${sizeBytes}`);
}

function badAsset(hash: string, what: string): ApiError {
  return new ApiError(400, Code.badAssets, `The content ${JSON.stringify(hash.slice(0, 64))} ${what}`);
}
