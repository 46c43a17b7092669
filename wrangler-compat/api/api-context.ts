import type { Context, Hono } from "hono";
import type { Control, Permission, TokenInfo } from "../../src/index.ts";
import { ApiError, Code } from "./api-error.ts";
import { mustAllow } from "./authenticate.ts";

/** What the API is told about the host around it. */
export interface ApiOptions {
  readonly control: Control;
  /** Names of workers are put in front of it: `localhost` makes `hello.localhost`. */
  readonly workersDomain: string;
  /** Where workers are asked, for texts: `http` and `8787` make `http://hello.localhost:8787`. */
  readonly workersScheme: "http" | "https";
  readonly workersPort: number;
}

export interface ApiEnv {
  readonly Variables: { token: TokenInfo };
}

export type ApiApp = Hono<ApiEnv>;
export type ApiRequest = Context<ApiEnv>;

/**
 * The account that a path names, once the token's right to it is sure.
 * @throws ApiError 403 or 404
 */
export function accountOf(context: ApiRequest, permission: Permission): string {
  const account = context.req.param("account") ?? "";
  mustAllow(context.get("token"), account, permission);
  return account;
}

/** A part of the path, decoded. */
export function part(context: ApiRequest, name: string): string {
  return context.req.param(name) ?? "";
}

/** The body as JSON, whatever type it says to have. @throws ApiError 400 */
export async function jsonBody<T>(context: ApiRequest): Promise<Partial<T>> {
  try {
    const value: unknown = JSON.parse(await context.req.text());
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new ApiError(400, Code.badJson, "The request body is not a JSON object or list");
}

/** Notes who changed what. */
export function audit(
  context: ApiRequest,
  { control }: ApiOptions,
  account: string,
  action: string,
  target: string,
): void {
  control.tokens.note({ token: context.get("token").id, account, action, target });
}
