import type { Answer, TextLine } from "./differential-case.ts";

/** One thing that both sides were asked for. */
export interface Check {
  /** `status`, `header x-name`, `body`, `outcome`, `logs`, `exceptions`, or the label of a line of a report. */
  readonly label: string;
  readonly skerry: string;
  readonly workerd: string;
  /** Equal but for the texts of errors. */
  readonly textsDiffer: boolean;
  /** The difference is one that all cases have: see `GENERAL`. */
  readonly general?: General;
}

/** Differences that belong to no case, and are not listed one by one. */
export const GENERAL = {
  errorPage:
    "A request that fails is answered by a page with Cloudflare's number of the error (1101, 1102), which says why in " +
    "a header; workerd alone says `Internal Server Error`, and cuts the connection where a body fails before its first byte",
  framing:
    "The same bytes travel with a `Content-Length` on one side and in chunks on the other: Skerry names a length wherever it knows it",
  edgeHeaders:
    "Headers that the edge adds to a request (`cf-connecting-ip`, `x-forwarded-*`, `x-real-ip`) are there without a Cloudflare in front",
  uncaughtLine:
    "An error that nobody caught is a line of the log as well, and not in the event's `exceptions` alone",
  texts: "Texts of error messages differ; names and classes are compared",
  advice:
    "workerd writes advice about the worker's code into its log; Skerry writes only what the worker logs",
} as const;
export type General = keyof typeof GENERAL;

/** A line of a report: label, what was seen, texts of errors. */
type Line = readonly [label: string, seen: unknown, messages: readonly string[]];

/** All that can be compared of one request's answers. */
export function compareAnswers(skerry: Answer, workerd: Answer): Check[] {
  return [
    ...(isErrorPage(skerry) && isPlainFailure(workerd)
      ? [{ ...check("answer", "error page", workerd.body), general: "errorPage" } as const]
      : [check("status", String(skerry.status), String(workerd.status)), ...compareBodies(skerry, workerd)]),
    check("outcome", skerry.outcome, workerd.outcome),
    compareLogs(skerry, workerd),
    compareExceptions(skerry.exceptions, workerd.exceptions),
  ];
}

export function isEqual({ skerry, workerd }: Check): boolean {
  return skerry === workerd;
}

function check(label: string, skerry: string, workerd: string, textsDiffer = false): Check {
  return { label, skerry, workerd, textsDiffer };
}

function isErrorPage({ status, body }: Answer): boolean {
  return status === 500 && body.startsWith("Error 1101:");
}

function isPlainFailure({ status, body }: Answer): boolean {
  return (status === 500 && body === "Internal Server Error") || status === "failed ECONNRESET";
}

/** Headers and bodies; of a report, whose length has no meaning, its lines alone. */
function compareBodies(skerry: Answer, workerd: Answer): Check[] {
  const ours = linesOf(skerry.body);
  const theirs = linesOf(workerd.body);
  if (ours === undefined || theirs === undefined)
    return [...compareHeaders(skerry, workerd), check("body", skerry.body, workerd.body)];
  const labels = [...new Set([...ours.keys(), ...theirs.keys()])];
  return labels.map((label) => {
    const [, seen, messages = []] = ours.get(label) ?? [];
    const [, seenThere, messagesThere = []] = theirs.get(label) ?? [];
    const texts = messages.join("\n") !== messagesThere.join("\n");
    return check(label, JSON.stringify(seen) ?? "none", JSON.stringify(seenThere) ?? "none", texts);
  });
}

/** The lines of a report, by label; undefined where a body is none. */
function linesOf(body: string): Map<string, Line> | undefined {
  if (!body.startsWith('{"lines":')) return undefined;
  const { lines } = JSON.parse(body) as { lines: Line[] };
  return new Map(lines.map((line) => [line[0], line]));
}

const FRAMING = ["content-length", "transfer-encoding"];

function compareHeaders(skerry: Answer, workerd: Answer): Check[] {
  const ours = byName(skerry.headers);
  const theirs = byName(workerd.headers);
  const names = [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((name) => !FRAMING.includes(name))
    .toSorted();
  const checks = names.map((name) =>
    check(`header ${name}`, ours.get(name) ?? "none", theirs.get(name) ?? "none"),
  );
  // Bodies that differ have lengths that differ, which says nothing more.
  if (skerry.body !== workerd.body) return checks;
  const framing = (headers: ReadonlyMap<string, string>): string =>
    FRAMING.map((name) => headers.get(name) ?? "none").join(", ");
  return [...checks, { ...check("framing", framing(ours), framing(theirs)), general: "framing" }];
}

function byName(headers: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const header of headers) {
    const at = header.indexOf(":");
    const name = header.slice(0, at);
    const value = header.slice(at + 2);
    found.set(name, found.has(name) ? `${found.get(name)} | ${value}` : value);
  }
  return found;
}

/** Lines of the log, without stacks, and without those that only one side writes by itself. */
function compareLogs(skerry: Answer, workerd: Answer): Check {
  const uncaught = skerry.exceptions.map(
    ({ name, message }) => new RegExp(`^(${escape(name)}|Error)?(: )?${escape(message)}$`),
  );
  const ours = skerry.logs.map(withoutStack);
  const own = ours.filter(
    ({ level, text }) =>
      !(
        level === "error" &&
        (text.startsWith("Uncaught (in promise)") || uncaught.some((form) => form.test(text)))
      ),
  );
  const theirs = workerd.logs.map(withoutStack);
  const told = theirs.filter(({ text }) => !ADVICE.some((begin) => text.startsWith(begin)));
  const plain = check("logs", logText(own), logText(told));
  if (!isEqual(plain)) return plain;
  if (told.length < theirs.length)
    return { ...check("logs", logText(own), logText(theirs)), general: "advice" };
  if (own.length < ours.length)
    return { ...check("logs", logText(ours), logText(told)), general: "uncaughtLine" };
  return plain;
}

/** How workerd's own warnings begin. */
const ADVICE = [
  "A header value for",
  "Constructing a Response with a null body status",
  "This TransformStream is being used as a byte stream",
  "Received a FetchEvent but we lack a handler",
  "Received a ScheduledEvent but we lack a handler",
];

function withoutStack({ level, text }: TextLine): TextLine {
  return { level, text: text.replace(/(?:\n {4}at .*)+$/, "") };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function logText(lines: readonly TextLine[]): string {
  return lines.map(({ level, text }) => `${level}: ${text}`).join("\n");
}

function compareExceptions(skerry: Answer["exceptions"], workerd: Answer["exceptions"]): Check {
  const names = (list: Answer["exceptions"]): string => list.map(({ name }) => name).join(", ");
  const texts = (list: Answer["exceptions"]): string => list.map(({ message }) => message).join("\n");
  return check("exceptions", names(skerry), names(workerd), texts(skerry) !== texts(workerd));
}
