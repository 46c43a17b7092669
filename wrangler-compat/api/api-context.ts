import type { Context, Hono } from "hono";
import type { Control, Permission, TokenInfo } from "../../src/index.ts";
import { ApiError, Code } from "./api-error.ts";
import type { UploadSession } from "./assets/upload-sessions.ts";
import type { BodyShare } from "./body/body-budget.ts";
import { readBody } from "./body/read-body.ts";
import { mustAllow, noSuchAccount } from "./authenticate.ts";

const ACCOUNT = /^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$/;
/** Enough for everything but many keys at once. */
const JSON_BYTES = 1024 * 1024;

/** What the API is told about the host around it. */
export interface ApiOptions {
  readonly control: Control;
  /** Names of workers are put in front of it: `localhost` makes `hello.localhost`. */
  readonly workersDomain: string;
  /** Where workers are asked, for texts: `http` and `8787` make `http://hello.localhost:8787`. */
  readonly workersScheme: "http" | "https";
  readonly workersPort: number;
  /** Origin at which clients reach the API. @default that of each request */
  readonly publicUrl?: string;
}

export interface ApiEnv {
  readonly Variables: {
    token: TokenInfo;
    bodyShare: BodyShare;
    /** The upload that the token was used for just before, if it was one. */
    after: string | undefined;
    /** Of requests that come with the token of an asset upload. */
    upload?: UploadSession;
  };
}

export type ApiApp = Hono<ApiEnv>;
export type ApiRequest = Context<ApiEnv>;

/** Whether a text can be the name of an account. A token for all of them opens no others. */
export function isAccount(name: string): boolean {
  return ACCOUNT.test(name);
}

/**
 * The account that a path names, once the token's right to it is sure.
 * @throws ApiError 403 or 404
 */
export function accountOf(context: ApiRequest, permission: Permission): string {
  const account = context.req.param("account") ?? "";
  if (!isAccount(account)) throw noSuchAccount(account);
  mustAllow(context.get("token"), account, permission);
  return account;
}

/** A part of the path, decoded. */
export function part(context: ApiRequest, name: string): string {
  return context.req.param(name) ?? "";
}

/**
 * The body as JSON, whatever type it says to have.
 * @param mostBytes @default 1 MiB
 * @throws ApiError 400 or 413
 */
export async function jsonBody<T>(context: ApiRequest, mostBytes: number = JSON_BYTES): Promise<Partial<T>> {
  const body = await readBody(context, mostBytes);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new ApiError(400, Code.badJson, "The request body is not a JSON object or list");
}

/** Notes who did what. */
export function audit(
  context: ApiRequest,
  { control }: ApiOptions,
  account: string,
  action: string,
  target: string,
): void {
  control.tokens.note({ token: context.get("token").id, account, action, target });
}
