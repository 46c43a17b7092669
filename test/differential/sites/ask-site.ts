import type { Answer, CaseRequest } from "../differential-case.ts";
import { sendRequest, type RawAnswer } from "../send-request.ts";

/** What only one side says: of the cache in front, and of a local run. */
const LEFT_OUT = /^(?:cf-cache-status|x-mf-additional-response-log): /;
/** Tags are digests, which each side makes of its own. */
const TAG = /\\?"[0-9a-f]{32}\\?"/g;

/** Asks one side for a file, and brings its answer into a form that can be compared. */
export async function askSite(port: number, host: string, request: CaseRequest): Promise<Answer> {
  const { status, headers, body } = await sendRequest(port, host, await withTag(port, host, request));
  return {
    status,
    headers: headers.filter((line) => !LEFT_OUT.test(line)).map((line) => line.replaceAll(TAG, '"tag"')),
    body: body.replaceAll(TAG, '"tag"'),
    outcome: "",
    exceptions: [],
    logs: [],
  };
}

async function withTag(port: number, host: string, request: CaseRequest): Promise<CaseRequest> {
  const { headers = {}, path = "/" } = request;
  if (!Object.values(headers).some((value) => value.includes("{etag}"))) return request;
  const plain = await sendRequest(port, host, { name: path, path });
  const tag = tagOf(plain);
  const filled = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    String(value).replaceAll("{etag}", tag),
  ]);
  return { ...request, headers: Object.fromEntries(filled) };
}

function tagOf({ headers }: RawAnswer): string {
  return headers.find((line) => line.startsWith("etag: "))?.slice("etag: ".length) ?? '"none"';
}
