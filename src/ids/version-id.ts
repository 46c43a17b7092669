import { randomUUID } from "node:crypto";

/** A new id for a version: a random UUID, as Cloudflare's API has it. */
export function newVersionId(): string {
  return randomUUID();
}
