import { CONNECTION_LOST, EgressError, UNREACHABLE } from "./egress-error.ts";

/**
 * An error of the connection in words for the worker.
 *
 * @param connected Whether the request had begun: before that, an address that is not allowed, one that
 * does not exist and one that refuses must look the same.
 */
export function originError(error: Error & { readonly code?: string }, connected: boolean): EgressError {
  if (error instanceof EgressError) return error;
  const code = error.code ?? "";
  if (code === "UND_ERR_INVALID_ARG" || code === "UND_ERR_NOT_SUPPORTED") {
    return new EgressError("TypeError", `Cannot fetch: ${error.message}`, { cause: error });
  }
  if (/^(ERR_SSL_|EPROTO$)/.test(code)) {
    return new EgressError("TypeError", `Cannot fetch: the origin's TLS is not accepted (${code})`, {
      cause: error,
    });
  }
  if (/^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return new EgressError("TypeError", `Cannot fetch: the origin's certificate is not accepted (${code})`, {
      cause: error,
    });
  }
  if (!connected) return new EgressError("TypeError", UNREACHABLE, { cause: error });
  switch (code) {
    case "UND_ERR_HEADERS_TIMEOUT":
      return new EgressError("TypeError", "Cannot fetch: the origin did not answer in time");
    case "UND_ERR_BODY_TIMEOUT":
      return new EgressError("TypeError", "The origin stopped sending the response's body");
    case "UND_ERR_HEADERS_OVERFLOW":
      return new EgressError("TypeError", "Cannot fetch: the response's headers are too large");
    case "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH":
      return new EgressError("TypeError", "Cannot fetch: the body's length is not what Content-Length says");
    default:
      return new EgressError("TypeError", CONNECTION_LOST, { cause: error });
  }
}
