import { TypeErrorOf } from "../primordials/errors.ts";

/** The formats of the Compression standard. */
export type Format = "gzip" | "deflate" | "deflate-raw";

/** Converts an argument to a format as Web IDL converts to an enumeration. Throws a TypeError for any other. */
export function formatOf(args: readonly unknown[], name: string): Format {
  if (args.length === 0)
    throw new TypeErrorOf(`Failed to construct '${name}': 1 argument required, but only 0 present.`);
  const format = `${args[0] as string}`;
  if (format === "gzip" || format === "deflate" || format === "deflate-raw") return format;
  throw new TypeErrorOf(
    `Failed to construct '${name}': '${format}' is not one of the formats gzip, deflate and deflate-raw.`,
  );
}
