import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

/** GETs with a Host header of its own, which `fetch` does not allow. */
function get(
  port: number,
  host: string,
  path = "/",
): Promise<{ status: number; text: string; type: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port, host: "127.0.0.1", path, headers: { host } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () =>
        resolve({ status: answer.statusCode!, text, type: answer.headers["content-type"] ?? "" }),
      );
    });
    sent.on("error", reject).end();
  });
}

for (const cell of CELLS) {
  test(`host.listen routes by host and path, most specific first (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const says = (text: string): string => `export default { fetch() { return new Response("${text}"); } };`;
    await at.host.deploy(upload("site", says("site"), { routes: ["example.test/*"] }));
    await at.host.deploy(upload("api", says("api"), { routes: ["example.test/api/*"] }));
    await at.host.deploy(upload("wild", says("wild"), { routes: ["*.example.test/*"] }));
    const { port } = await at.host.listen({ port: 0 });
    assert.is((await get(port, "example.test")).text, "site");
    assert.is((await get(port, "EXAMPLE.test:80", "/api/users?x=1")).text, "api");
    assert.is((await get(port, "a.b.example.test")).text, "wild");
    const unknown = await get(port, "nobody.test");
    assert.is(unknown.status, 404);
    assert.match(unknown.type, "text/plain");
  });

  test(`host.listen answers paths of the embedder before any route (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const site = 'export default { fetch() { return new Response("site"); } };';
    await at.host.deploy(upload("site", site, { routes: ["*/*"] }));
    const paths = { "/healthz": (request: Request) => new Response(`fine, ${new URL(request.url).search}`) };
    const { port } = await at.host.listen({ port: 0, paths });
    assert.is((await get(port, "example.test", "/healthz?a=1")).text, "fine, ?a=1");
    for (const path of ["/", "/healthz/", "/a/healthz", "/?/healthz"])
      assert.is((await get(port, "example.test", path)).text, "site");
  });

  test(`a client that goes away aborts request.signal (${cell})`, async () => {
    await using at = await makeHost({ cell });
    await at.host.deploy(
      upload(
        "slow",
        `export default { async fetch(request) {
      request.signal.addEventListener("abort", () => console.log("gone"));
      console.log("here");
      await new Promise((done) => setTimeout(done, 50_000));
      return new Response("late");
    } };`,
        { routes: ["slow.test/*"] },
      ),
    );
    const { port } = await at.host.listen({ port: 0 });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: slow.test\r\n\r\n");
    await until("the worker runs", () => at.logs.some(({ text }) => text === "here"));
    socket.destroy();
    await until("the worker hears of it", () => at.logs.some(({ text }) => text === "gone"));
  });

  test(`host.close lets requests in flight end (${cell})`, async () => {
    const at = await makeHost({ cell });
    await at.host.deploy(
      upload(
        "slow",
        `export default { async fetch() {
      console.log("here");
      await new Promise((done) => setTimeout(done, 300));
      return new Response("whole");
    } };`,
        { routes: ["slow.test/*"] },
      ),
    );
    const { port } = await at.host.listen({ port: 0 });
    const answer = get(port, "slow.test");
    await until("the worker runs", () => at.logs.length === 1);
    await at.host.close(60_000);
    assert.equal((await answer).text, "whole");
    assert.is(
      await get(port, "slow.test").then(
        () => "answered",
        () => "refused",
      ),
      "refused",
    );
  });

  test(`fetch passes a response of an origin on, with its body untouched (${cell})`, async () => {
    const { createServer } = await import("node:http");
    const origin = createServer((_, answer) => {
      answer.setHeader("x-origin", "yes");
      answer.end("o".repeat(500_000));
    });
    await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
    const { port: originPort } = origin.address() as { port: number };
    try {
      await using at = await makeHost({ cell, egress: { allowAddresses: ["127.0.0.1/32"] } });
      const worker = await at.host.deploy(
        upload("proxy", `export default { fetch() { return fetch("http://127.0.0.1:${originPort}/"); } };`),
      );
      const answer = await worker.fetch("http://proxy/");
      assert.is(answer.headers.get("x-origin"), "yes");
      assert.is((await answer.text()).length, 500_000);
      await using closed = await makeHost({ cell });
      const refused = await closed.host.deploy(
        upload(
          "proxy",
          `export default { async fetch() {
        try { await fetch("http://127.0.0.1:${originPort}/"); return new Response("reached"); } catch (error) { return new Response(error.message); }
      } };`,
        ),
      );
      assert.match(await (await refused.fetch("http://proxy/")).text(), "cannot be reached");
    } finally {
      origin.close();
      origin.closeAllConnections();
    }
  });
}

test("the hosts of these tests close", closeHosts);

test.run();
