import type { ConfigReader, Section } from "../../../src/config/document/config-reader.ts";

/** The id of a namespace, of KV or of rate limits. */
export function readNamespaceId(reader: ConfigReader, section: Section, key: string): string | undefined {
  return reader.string(section, key, '1 to 64 of letters, digits, "-" and "_"', /^[A-Za-z0-9_-]{1,64}$/);
}
