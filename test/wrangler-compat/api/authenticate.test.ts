import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, type Envelope, uploadForm } from "./api-fixture.ts";

const SCRIPT = "/accounts/acme/workers/scripts/shop";

const HOUR_MS = 3_600_000;

/** Puts the wall clock of this process, host and all, forward. */
function clockAhead(ms: number): Disposable {
  const { now } = Date;
  Date.now = () => now() + ms;
  return { [Symbol.dispose]: () => (Date.now = now) };
}

/** Status, number of the error, and what the client is told of when to try again. */
async function shownOf(response: Response): Promise<[number, number | undefined, string | null]> {
  const { errors } = (await response.json()) as Envelope;
  return [response.status, errors[0]?.code, response.headers.get("retry-after")];
}

test("a token may ask 600 times at once, then 50 times a second, and slows down no other", async () => {
  let nowMs = 1_000;
  await using api = await ApiFixture.listen({ now: () => nowMs });
  const ask = async (token?: string): Promise<Response> => await api.raw("GET", "/user", {}, token);
  for (let n = 0; n < 600; n++) assert.is((await ask()).status, 200, String(n));
  assert.equal(await shownOf(await ask()), [429, 971, "2"]);
  assert.is((await ask(api.tokenFor("acme"))).status, 200);
  nowMs += 1_000;
  for (let n = 0; n < 50; n++) assert.is((await ask()).status, 200, String(n));
  assert.is((await ask()).status, 429);
});

test("wrong tokens may be tried 20 times at once, then once a second, and hold up none that is right", async () => {
  let nowMs = 1_000;
  await using api = await ApiFixture.listen({ now: () => nowMs });
  let tried = 0;
  const ask = async (path = "/user"): Promise<Response> =>
    await api.raw("GET", path, {}, `skerry_${tried++}`);
  for (let n = 0; n < 20; n++) assert.equal(await shownOf(await ask()), [401, 10000, null]);
  assert.equal(await shownOf(await ask()), [429, 971, "2"]);
  const upload = "/accounts/acme/workers/assets/upload";
  assert.equal(await shownOf(await api.raw("POST", upload, {}, "wrong")), [429, 971, "2"]);
  assert.is((await api.raw("GET", "/user")).status, 200);
  nowMs += 1_000;
  assert.is((await ask()).status, 401);
  assert.is((await ask()).status, 429);
});

test("whoever has as many tails as there may be is told when to try again", async () => {
  await using api = await ApiFixture.listen();
  await api.ask("PUT", SCRIPT, uploadForm("export default { fetch() {} }"));
  const make = async (): Promise<Response> => await api.raw("POST", `${SCRIPT}/tails`, { body: "{}" });
  for (let n = 0; n < 10; n++) assert.is((await make()).status, 200);
  assert.equal(await shownOf(await make()), [429, 971, "2"]);
});

test("a token that has expired is as one that is wrong, and one that is missing is asked for", async () => {
  await using api = await ApiFixture.listen();
  const expiresAtMs = Date.now() + HOUR_MS;
  const { token } = api.host.control.tokens.create({ name: "short", accounts: ["acme"], expiresAtMs });
  assert.is((await api.ask("GET", "/accounts/acme", undefined, token)).status, 200);
  using _later = clockAhead(HOUR_MS);
  for (const [method, path, body] of [
    ["GET", "/accounts/acme"],
    ["PUT", SCRIPT, uploadForm("export default { fetch() {} }")],
  ] as const) {
    const over = await api.ask(method, path, body, token);
    assert.equal([over.status, over.success, over.result], [401, false, null]);
    assert.equal(
      over.errors.map(({ code }) => code),
      [10000],
    );
    assert.match(over.errors[0]!.message, /expired/);
    const none = await api.ask(method, path, body, null);
    assert.equal([none.status, none.success, none.errors[0]?.code], [400, false, 9106]);
  }
  assert.equal(api.host.control.workers("acme"), []);
});

test.run();
