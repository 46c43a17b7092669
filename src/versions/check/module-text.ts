import type { UploadModule } from "../upload.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a module, with its byte order mark if it has one; undefined if it is not valid UTF-8. */
export function moduleText({ content }: Pick<UploadModule, "content">): string | undefined {
  if (typeof content === "string") return content.isWellFormed() ? content : undefined;
  try {
    return decoder.decode(content);
  } catch {
    return undefined;
  }
}
