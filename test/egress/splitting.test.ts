import type { Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fetchWith, openEgress, rawOrigin } from "./egress-fixture.ts";

const BREAKS = ["\r\n", "\n", "\r", "\0", "\r\n\r\n", "\r\n ", "\x0b", "\x7f", "\u010d\u010a", "\u2028"];

test("Egress sends no line break or NUL of a worker: in URL, method, names, values, protocols", async () => {
  let wire = "";
  const answer = (socket: Socket): void =>
    void socket.on("data", (data) => {
      wire += data.toString("latin1");
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  await using origin = await rawOrigin(answer);
  await using egress = openEgress();
  const context = {
    account: "a",
    signal: new AbortController().signal,
    limits: { socketMessageBytes: 1, egressResponseBytes: 1 },
    openStream: (source: ReadableStream) => (void source.cancel(), 2),
    openSocket: () => 4,
    readBody: () => null,
  };
  const ws = origin.url.replace("http", "ws");
  for (const gap of BREAKS) {
    const bad = `a${gap}injected: 1`;
    const tries: (() => Promise<unknown>)[] = [
      () => fetchWith(egress, `${origin.url}/${bad}`),
      () => fetchWith(egress, `${origin.url}/?${bad}`),
      () => fetchWith(egress, `${origin.url}/`, { method: bad }),
      () => fetchWith(egress, `${origin.url}/`, { headers: `x-a\n${bad}` }),
      () => fetchWith(egress, `${origin.url}/`, { headers: `${bad}\nb` }),
      () => fetchWith(egress, `${origin.url}/`, { headers: `content-length\n1${gap}injected: 1` }),
      () => egress.connect([`${ws}/${bad}`, "", false], context),
      () => egress.connect([`${ws.replace("//", `//${bad}@`)}/`, "", false], context),
      () => egress.connect([`${ws}/`, `sec-websocket-protocol\n${bad}`, false], context),
      () => egress.connect([`${ws}/`, `${bad}\nb`, false], context),
    ];
    for (const [index, run] of tries.entries()) {
      wire = "";
      await run().catch(() => {});
      const label = `${index} ${JSON.stringify([gap, wire])}`;
      const [head = "", ...more] = wire.split("\r\n\r\n");
      assert.not.match(head, /(^|[\r\n])injected/i, label);
      assert.not.match(head.replaceAll("\r\n", ""), /[\r\n\0]/, label);
      assert.ok(
        more.every((rest) => rest === ""),
        label,
      );
    }
  }
});

test.run();
