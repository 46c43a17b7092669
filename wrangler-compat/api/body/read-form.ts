import { ApiError, Code } from "../api-error.ts";
import { hasMore } from "./has-more.ts";
import { parseForm } from "./parse-form.ts";
import { type BodyContext, readBody } from "./read-body.ts";

/** Most parts of a form. Each takes a while to read, in one go, and meanwhile the host does nothing else. */
const MOST_PARTS = 2_000;
/** RFC 2046 §5.1.1. */
const MOST_BOUNDARY_CHARS = 70;

/**
 * The multipart form in the body of a request.
 * @throws ApiError 413 or 429 for a body that is too large; 400 for too many parts, or what is no such form
 */
export async function readForm(context: BodyContext, mostBytes: number): Promise<FormData> {
  const type = context.req.raw.headers.get("content-type") ?? "";
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined || boundary.length > MOST_BOUNDARY_CHARS) throw noForm();
  const body = await readBody(context, mostBytes);
  if (hasMore(body, `--${boundary}`, MOST_PARTS + 1))
    throw new ApiError(400, Code.scriptRefused, `The form has too many parts: at most ${MOST_PARTS}`);
  const form = /^multipart\/form-data\s*;/i.test(type) ? parseForm(body, boundary) : null;
  if (form === null) throw noForm();
  return form;
}

function noForm(): ApiError {
  return new ApiError(400, Code.scriptRefused, "The request body is not a whole multipart form");
}
