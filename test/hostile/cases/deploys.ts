import type { UploadModule, WorkerUpload } from "../../../src/index.ts";

/** An upload that must be refused, with what the refusal has to say. */
export interface HostileDeploy {
  readonly number: number;
  readonly name: string;
  readonly upload: Partial<WorkerUpload>;
  /** What the message must match. */
  readonly says: RegExp;
}

/** Also what is deployed before: whatever should have been refused answers the same, so that one failure makes no other. */
export const GOOD = "export default { fetch() { return new Response('the earlier version'); } };";

function source(content: string): Partial<WorkerUpload> {
  return modules([{ name: "index.js", type: "esm", content }]);
}

function modules(list: readonly UploadModule[]): Partial<WorkerUpload> {
  return { modules: list };
}

function beside(...more: UploadModule[]): Partial<WorkerUpload> {
  return modules([{ name: "index.js", type: "esm", content: GOOD }, ...more]);
}

/** H. Uploads that are refused, and nothing of them stays. */
export const DEPLOYS: readonly HostileDeploy[] = [
  { number: 51, name: "a loop at the top level", upload: source(`for (;;); ${GOOD}`), says: /CPU|exceeded/i },
  {
    number: 51,
    name: "a top level that fills the memory",
    upload: source(`const all = []; for (;;) all.push({ all: [1, 2, 3] }); ${GOOD}`),
    says: /memory|CPU|lost/i,
  },
  {
    number: 26,
    name: "syntax of V8's natives",
    upload: source(`%DebugPrint(1); ${GOOD}`),
    says: /index\.js:1:\d+/,
  },
  {
    number: 141,
    name: "a syntax error",
    upload: source(`const a = 1;\nconst b = ;\n${GOOD}`),
    says: /index\.js:2:\d+/,
  },
  {
    number: 141,
    name: "a NUL in the code",
    upload: source(`const a = 1;\0\n${GOOD}`),
    says: /index\.js:1:\d+/,
  },
  { number: 141, name: "UTF-16", upload: source(`\uFEFF${GOOD.split("").join("\0")}\0`), says: /index\.js/ },
  {
    number: 141,
    name: "bytes that are no UTF-8",
    upload: modules([{ name: "index.js", type: "esm", content: Uint8Array.of(0xff, 0xfe, 0x80) }]),
    says: /index\.js/,
  },
  ...["../x.js", "/etc/passwd", "C:\\x.js", "a/../../x.js", "a\0b.js", "x\\y.js"].map(
    (name): HostileDeploy => ({
      number: 142,
      name: `a module called ${JSON.stringify(name)}`,
      upload: beside({ name, type: "text", content: "x" }),
      says: /name|modules/i,
    }),
  ),
  {
    number: 142,
    name: "names that differ in case or form only",
    upload: beside(
      { name: "é.txt", type: "text", content: "1" },
      { name: "E\u0301.txt", type: "text", content: "2" },
    ),
    says: /spelling|same|differ|name/i,
  },
  {
    number: 142,
    name: "a hundred thousand modules",
    upload: beside(
      ...Array.from({ length: 100_000 }, (_, i): UploadModule => ({
        name: `m${i}.txt`,
        type: "text",
        content: "",
      })),
    ),
    says: /modules/i,
  },
  {
    number: 142,
    name: "a bundle beyond the limit",
    upload: beside({ name: "huge.txt", type: "text", content: "x".repeat(65 * 1024 * 1024) }),
    says: /MiB|bytes|large/i,
  },
  {
    number: 143,
    name: "no default export",
    upload: source("export const a = 1;"),
    says: /handler|default|fetch/i,
  },
  {
    number: 143,
    name: "handlers that are no functions",
    upload: source("export default { fetch: 5 };"),
    says: /handler|fetch/i,
  },
  {
    number: 145,
    name: "a top level that waits for ever",
    upload: source(`await new Promise(() => {}); ${GOOD}`),
    says: /never|hung|await/i,
  },
  {
    number: 145,
    name: "a top level that rejects",
    upload: source(`await Promise.reject(new Error("no")); ${GOOD}`),
    says: /no/,
  },
  {
    number: 145,
    name: "a top level that waits for time to pass",
    upload: source(`await new Promise((done) => setTimeout(done, 10_000)); ${GOOD}`),
    says: /global scope|Disallowed|index\.js/i,
  },
  ...[
    ["a fetch", `await fetch("http://example.com/");`],
    ["random bytes", "crypto.getRandomValues(new Uint8Array(1));"],
    ["a timer", "setTimeout(() => {}, 1);"],
  ].map(([what, code]): HostileDeploy => ({
    number: 146,
    name: `${what} in the global scope`,
    upload: source(`${code} ${GOOD}`),
    says: /global scope/i,
  })),
  {
    number: 147,
    name: "a top level that throws a Proxy",
    upload: source(
      `throw new Proxy(new Error("x"), { get() { throw 1; }, getPrototypeOf() { throw 2; } }); ${GOOD}`,
    ),
    says: /index\.js|top level/,
  },
  {
    number: 147,
    name: "a top level that throws a value which spins",
    upload: source(
      `throw { get message() { for (;;); }, get stack() { for (;;); }, toString() { for (;;); } }; ${GOOD}`,
    ),
    says: /./,
  },
  {
    number: 149,
    name: "text as WebAssembly",
    upload: beside({ name: "x.wasm", type: "wasm", content: "text" }),
    says: /x\.wasm/,
  },
  {
    number: 149,
    name: "a type that there is not",
    upload: beside({ name: "x.bin", type: "binary" as "data", content: "x" }),
    says: /type/i,
  },
  {
    number: 149,
    name: "JSON that is none",
    upload: beside({ name: "x.json", type: "json", content: "{" }),
    says: /x\.json/,
  },
  {
    number: 42,
    name: "a million parentheses",
    upload: source(`const a = ${"(".repeat(1e6)}1${")".repeat(1e6)}; ${GOOD}`),
    says: /index\.js|nest|deep|stack|memory|time/i,
  },
  {
    number: 42,
    name: "templates in templates",
    upload: source(`const a = ${"`${".repeat(2e4)}1${"}`".repeat(2e4)}; ${GOOD}`),
    says: /./,
  },
  {
    number: 150,
    name: "a binding of a forbidden name, twice",
    upload: { ...source(GOOD), vars: { A: 1 }, kvNamespaces: [{ binding: "A", id: "n" }] },
    says: /A/,
  },
  {
    number: 20,
    name: "a namespace whose id climbs out",
    upload: { ...source(GOOD), kvNamespaces: [{ binding: "KV", id: "../../other\0" }] },
    says: /id|namespace/i,
  },
];
