import { AccountStorageFull } from "../../storage/account-storage-full.ts";
import { DiskLow } from "../../storage/disk-low.ts";
import { Unavailable } from "../../storage/unavailable.ts";
import { CallError } from "../binding.ts";

/** The methods that Workers KV names in its error texts; a list is a `GET` there. */
export type KvMethod = "GET" | "GET_BULK" | "PUT" | "DELETE";

/** An error in the words of Workers KV. */
export function kvFailure(method: KvMethod, status: number, text: string, options?: ErrorOptions): CallError {
  return new CallError("Error", `KV ${method} failed: ${status} ${text}`, options);
}

/** What the worker is told of an error of the store; errors of other kinds stay as they are. */
export function fromStore(method: KvMethod, error: unknown): unknown {
  if (error instanceof AccountStorageFull) return kvFailure(method, 413, error.message, { cause: error });
  if (error instanceof DiskLow) return kvFailure(method, 507, "Insufficient Storage", { cause: error });
  if (!(error instanceof Unavailable)) return error;
  return error.outcome === "no"
    ? kvFailure(method, 503, "Service Unavailable")
    : kvFailure(method, 500, "Internal Server Error");
}
