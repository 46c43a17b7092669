import { asRecord, decodePacket, encodePacket } from "../packet.ts";
import type { ModuleType, UploadLimits, WorkerUpload } from "../upload.ts";
import type { Problem } from "../upload-refused.ts";

/** Not valid as UTF-8: what a text that is not well-formed becomes, since it has no UTF-8 form. */
const MALFORMED = Uint8Array.of(0xff);

/** An upload and its limits as bytes, for the child. */
export function encodeJob(upload: WorkerUpload, limits: UploadLimits): Uint8Array {
  const encoder = new TextEncoder();
  const maps = Object.entries(upload.sourceMaps ?? {});
  const modules = upload.modules.map(({ name, type, content }) => ({
    name,
    type,
    isText: typeof content === "string" && content.isWellFormed(),
  }));
  const blobs = upload.modules.map(({ content }) => {
    if (typeof content !== "string") return content;
    return content.isWellFormed() ? encoder.encode(content) : MALFORMED;
  });
  const header = { main: upload.main, modules, maps: maps.map(([name]) => name), limits };
  return encodePacket({ header, blobs: [...blobs, ...maps.map(([, map]) => encoder.encode(map))] });
}

/** Reads what {@link encodeJob} wrote; its sender is trusted. */
export function decodeJob(bytes: Uint8Array): { upload: WorkerUpload; limits: UploadLimits } {
  const { header, blobs } = decodePacket(bytes);
  const { main, modules, maps, limits } = header as {
    main: string;
    modules: { name: string; type: ModuleType; isText: boolean }[];
    maps: string[];
    limits: UploadLimits;
  };
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const content = (index: number): Uint8Array => blobs[index] ?? new Uint8Array();
  return {
    limits,
    upload: {
      main,
      modules: modules.map(({ name, type, isText }, index) => {
        return { name, type, content: isText ? decoder.decode(content(index)) : content(index) };
      }),
      sourceMaps: Object.fromEntries(
        maps.map((name, index) => [name, decoder.decode(content(modules.length + index))]),
      ),
    },
  };
}

/** The child's answer: a packed version, or what is wrong with the upload. */
export type JobAnswer = { ok: true; version: Uint8Array } | { ok: false; problems: readonly Problem[] };

export function encodeAnswer(answer: JobAnswer): Uint8Array {
  if (answer.ok) return encodePacket({ header: { ok: true }, blobs: [answer.version] });
  return encodePacket({ header: { ok: false, problems: answer.problems }, blobs: [] });
}

/**
 * Reads what the child answered, which is not trusted.
 *
 * @throws {Error} if it is not an answer
 */
export function decodeAnswer(bytes: Uint8Array): JobAnswer {
  const { header, blobs } = decodePacket(bytes);
  const { ok, problems } = asRecord(header);
  const [version] = blobs;
  if (ok === true && version !== undefined) return { ok, version };
  if (ok !== false || !Array.isArray(problems) || problems.length === 0) throw new Error("not an answer");
  return { ok, problems: problems.map((problem: unknown) => readProblem(asRecord(problem))) };
}

function readProblem({ file, line, column, reason }: Record<string, unknown>): Problem {
  const place = (value: unknown): value is number | null => value === null || Number.isSafeInteger(value);
  if (typeof file !== "string" || typeof reason !== "string" || !place(line) || !place(column)) {
    throw new Error("not a problem");
  }
  return { file, line, column, reason };
}
