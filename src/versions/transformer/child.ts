import { packVersion } from "../pack.ts";
import { transformUpload } from "../transform/transform-upload.ts";
import type { Problem } from "../upload-refused.ts";
import { FrameReader, frameLength } from "./frames.ts";
import { decodeJob, encodeAnswer } from "./job.ts";
import type { JobAnswer } from "./job.ts";

/**
 * Entry of the child process in which hostile source is parsed: frames with jobs come in by standard
 * input, frames with answers go out by standard output. It ends when its input does.
 */
const MAX_JOB_BYTES = 2 ** 31;
/** More than any list that a person reads; the rest would only fill the pipe. */
const MAX_LISTED = 1_000;

const reader = new FrameReader(MAX_JOB_BYTES);
process.stdin.on("data", (chunk: Buffer) => {
  const frame = reader.push(chunk);
  if (frame === undefined) return;
  const answer = encodeAnswer(run(frame));
  process.stdout.write(frameLength(answer.length));
  process.stdout.write(answer);
});

function run(frame: Uint8Array): JobAnswer {
  const { upload, limits } = decodeJob(frame);
  try {
    const result = transformUpload(upload, limits);
    if (!result.ok) return { ok: false, problems: result.problems.slice(0, MAX_LISTED) };
    return { ok: true, version: packVersion({ ...result.version, sizeBytes: 0, hash: "" }) };
  } catch (error) {
    // The error is ours, but so that a deploy ends with an answer it is told as a problem.
    const reason = `the code could not be analysed: ${error instanceof Error ? error.message : "internal error"}`;
    const problem: Problem = { file: upload.main, line: null, column: null, reason };
    return { ok: false, problems: [problem] };
  }
}
