import { Buffer } from "node:buffer";
import type { UploadModule, WorkerUpload } from "../../host-options.ts";
import { InvalidUpload } from "../invalid-upload.ts";

/** A module in JSON: its content is `text`, or `base64` where it is bytes. */
interface JsonModule {
  readonly name: string;
  readonly type: UploadModule["type"];
  readonly text?: string;
  readonly base64?: string;
}

/** An upload as JSON text. The inverse of {@link uploadFromJson}. */
export function uploadToJson(upload: WorkerUpload): string {
  const modules = upload.modules?.map(({ name, type, content }): JsonModule => {
    if (typeof content === "string") return { name, type, text: content };
    return { name, type, base64: Buffer.from(content).toString("base64") };
  });
  return JSON.stringify({ ...upload, ...(modules !== undefined && { modules }) });
}

/**
 * Reads an upload from JSON text. Only its form is checked here: what it says is the deployer's to check.
 *
 * @throws InvalidUpload if it is no JSON object, or its modules are no list of modules.
 */
export function uploadFromJson(text: string): WorkerUpload {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidUpload([
      `the upload is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  if (typeof value !== "object" || value === null) throw new InvalidUpload(["the upload must be an object"]);
  if (!("modules" in value) && "assets" in value) return value as unknown as WorkerUpload;
  if (!("modules" in value) || !Array.isArray(value.modules))
    throw new InvalidUpload(['the upload must have a list "modules", or "assets"']);
  const problems: string[] = [];
  const modules = value.modules.map((module: unknown, index): UploadModule => {
    const { name, type, text: content, base64 } = Object(module) as Partial<JsonModule>;
    if ((typeof content === "string") === (typeof base64 === "string")) {
      problems.push(`modules[${index}] must have either "text" or "base64"`);
    }
    const bytes = typeof base64 === "string" ? Uint8Array.from(Buffer.from(base64, "base64")) : "";
    return { name: name as string, type: type as UploadModule["type"], content: content ?? bytes };
  });
  if (problems.length > 0) throw new InvalidUpload(problems);
  return { ...value, modules } as unknown as WorkerUpload;
}
