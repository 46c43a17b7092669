import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, upload } from "./fixture.ts";

const GOOD = `export default { fetch() { return new Response("well"); } };`;

/** What worker code may do to the realm that it shares with the runtime; each is followed by a log line and an answer. */
const TAMPERED = [
  [
    "takes every array that is written to, to put things of its own into it",
    `
    for (let i = 0; i < 8; i++) Object.defineProperty(Array.prototype, i, { configurable: true, set(value) {
      Object.defineProperty(this, i, { value, writable: true, enumerable: true, configurable: true });
      this[5_000] = { get huge() { for (;;); } };
    } });`,
  ],
  [
    "lets no array be written to",
    `
    for (let i = 0; i < 50; i++) Object.defineProperty(Array.prototype, i, { configurable: true, get() { throw new Error("get"); }, set() { throw new Error("set"); } });`,
  ],
  [
    "swallows what is written to arrays",
    `
    for (let i = 0; i < 50; i++) Object.defineProperty(Array.prototype, i, { configurable: true, get: () => "x", set() {} });`,
  ],
] as const;

for (const cell of CELLS) {
  for (const [what, code] of TAMPERED) {
    test(`a worker that ${what} still gets an answer at once, and forges nothing (${cell})`, async () => {
      await using at = await makeHost({ cell });
      const good = await at.host.deploy(upload("good", GOOD));
      const bad = await at.host.deploy(
        upload(
          "bad",
          `export default { async fetch() {
        ${code}
        console.log("a line");
        return new Response("answered");
      } };`,
        ),
      );
      const response = await bad.fetch("http://bad/");
      assert.ok(response.status === 200 || response.status === 500, `${response.status}`);
      await response.text();
      assert.is(await (await good.fetch("http://good/")).text(), "well");
      const outcomes = at.events.filter((event) => event.worker === "bad").map((event) => event.outcome);
      assert.ok(
        outcomes.every((outcome) => outcome === "ok" || outcome === "exception"),
        outcomes.join(),
      );
      assert.equal(at.faults, []);
    });
  }
}

test("close the hosts that were kept", closeHosts);

test.run();
