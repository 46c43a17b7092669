import { ApiError, Code } from "./api-error.ts";

/** @throws ApiError 400 for what is no list */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ApiError(400, Code.badJson, "The request body is not a list");
}

/** A text of an entry of a list. @throws ApiError 400 where there is none */
export function textOf(entry: unknown, field: string): string {
  const value: unknown = Object(entry)[field];
  if (typeof value === "string" && value !== "") return value;
  throw new ApiError(400, Code.badJson, `An entry of the list has no text "${field}"`);
}
