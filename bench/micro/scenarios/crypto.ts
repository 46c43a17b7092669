import { createHost, type EventRecord } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { worker } from "../../workers.ts";

/** Operations by name: what prepares one, and the operation. */
const OPERATIONS: Readonly<Record<string, readonly [prepare: string, run: string]>> = {
  "digest 1 KB": ["", 's.digest("SHA-256", data)'],
  "HMAC sign 1 KB": [
    's.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"])',
    's.sign("HMAC", key, data)',
  ],
  "AES-GCM 1 KB": [
    's.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt"])',
    's.encrypt({ name: "AES-GCM", iv: data.subarray(0, 12) }, key, data)',
  ],
  "ES256 sign": [
    's.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])',
    's.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, data)',
  ],
  "RS256 sign": [
    's.generateKey({ name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, false, ["sign"])',
    's.sign("RSASSA-PKCS1-v1_5", key.privateKey, data)',
  ],
  "PBKDF2 10,000": [
    's.importKey("raw", data, "PBKDF2", false, ["deriveBits"])',
    's.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: data, iterations: 10_000 }, key, 256)',
  ],
};
const ROUNDS = 50;

const CODE = `const s = crypto.subtle, data = new Uint8Array(1024).fill(1);
const made = new Map();
const operations = { ${Object.entries(OPERATIONS)
  .map(
    ([name, [prepare, run]]) =>
      `${JSON.stringify(name)}: [async () => ${prepare || "null"}, (key) => ${run}]`,
  )
  .join(",\n")} };
export default { async fetch(request) {
  const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
  const [prepare, run] = operations[name];
  if (!made.has(name)) made.set(name, await prepare());
  for (let i = 0; i < ${ROUNDS}; i++) await run(made.get(name));
  return new Response("done");
} };`;

/** Web Crypto through a worker: how long an operation takes, and the CPU that its event is charged. */
export const crypto: Scenario = async (cell, { samples }) => {
  const events: EventRecord[] = [];
  await using host = await createHost({
    cell,
    cells: 1,
    limits: { cpuMs: 60_000 },
    onEvent: (record) => events.push(record),
  });
  const target = await host.deploy(worker("crypto", CODE));
  const rows: Row[] = [];
  for (const name of Object.keys(OPERATIONS)) {
    const ask = async (): Promise<void> => {
      const answer = await target.fetch(`http://crypto/${encodeURIComponent(name)}`);
      if ((await answer.text()) !== "done") throw new Error(`the benchmark "${name}" failed`);
    };
    // The first one makes the key.
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 20));
    events.length = 0;
    const took: number[] = [];
    for (let i = 0; i < samples; i++) {
      const startMs = performance.now();
      await ask();
      took.push(((performance.now() - startMs) * 1_000) / ROUNDS);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    const charged = events.map(({ cpuMs }) => (cpuMs * 1_000) / ROUNDS);
    const scenario = "Web Crypto through a worker";
    rows.push({ scenario, what: `${name}, each`, unit: "us", summary: summarize(took) });
    rows.push({ scenario, what: `${name}, CPU charged`, unit: "us", summary: summarize(charged) });
  }
  return rows;
};
