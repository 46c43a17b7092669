import { randomBytes } from "node:crypto";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import { EgressError } from "./egress-error.ts";
import { readHeaders, readUrl } from "./outbound-request.ts";
import type { EgressContext } from "./outbound-request.ts";

/** A client's opening handshake, to be sent. */
export interface SocketRequest {
  /** `http:` or `https:`. */
  readonly url: URL;
  /** `name, value, …`, complete. */
  readonly headers: readonly string[];
  readonly key: string;
  /** Protocols that the worker offers. */
  readonly protocols: readonly string[];
  /** Whether the server has to pick one of them. */
  readonly mustAgree: boolean;
}

/** Set by the handshake, not by the worker; a message is never coded. */
const OWN: ReadonlySet<string> = new Set([
  "accept-encoding",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-version",
]);

/**
 * Reads the arguments of a `connect` call. They come from an isolate, so nothing about them is sure.
 *
 * @throws {EgressError} that names what cannot be connected to.
 */
export function readSocketRequest(args: readonly Flat[], context: EgressContext): SocketRequest {
  const [address, headers, mustAgree] = args;
  if (typeof address !== "string" || typeof headers !== "string" || typeof mustAgree !== "boolean")
    throw new EgressError("TypeError", "Cannot connect: malformed call");
  const parsed = URL.parse(address.replace(/^ws(?=s?:)/, "http"));
  const user = parsed === null ? "" : credentials(parsed);
  if (parsed !== null) parsed.username = parsed.password = "";
  const url = readUrl(parsed?.href ?? address);
  const kept: string[] = [];
  const protocols: string[] = [];
  const given = readHeaders(headers, null, (context.depth ?? 0) + 1);
  for (let i = 0; i + 1 < given.length; i += 2) {
    const name = given[i]!;
    const value = given[i + 1]!;
    if (OWN.has(name)) continue;
    if (name === "sec-websocket-protocol") for (const part of value.split(",")) protocols.push(part.trim());
    kept.push(name, value);
  }
  const key = randomBytes(16).toString("base64");
  kept.unshift("host", url.host, "connection", "Upgrade", "upgrade", "websocket");
  if (user !== "" && !given.includes("authorization")) kept.push("authorization", user);
  kept.push("sec-websocket-version", "13", "sec-websocket-key", key);
  return { url, headers: kept, key, protocols, mustAgree };
}

/** The user of a WebSocket's URL, as servers are told of one. */
function credentials({ username, password }: URL): string {
  if (username === "" && password === "") return "";
  const pair = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
