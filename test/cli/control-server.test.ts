import { once } from "node:events";
import { type LookupFunction } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { CERTIFICATE } from "../egress/secure-origin.ts";
import { listeningControl } from "./control-fixture.ts";
import { type TlsProxy, tlsProxy } from "./tls-proxy.ts";

const SCRIPT = "/client/v4/accounts/default/workers/scripts/shop";

interface WorkerAnswer {
  readonly result: { readonly subdomain: { readonly url: string; readonly preview_url_suffix: string } };
}

/** A tail's WebSocket through the proxy. */
function openTail(url: string): WebSocket {
  const lookup: LookupFunction = (_name, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
  return new WebSocket(url, "trace-v1", { ca: CERTIFICATE, lookup });
}

async function tailUrl(proxy: TlsProxy, token: string): Promise<string> {
  const { status, json } = await proxy.ask("POST", `${SCRIPT}/tails`, token, { filters: [] });
  assert.is(status, 200, JSON.stringify(json));
  return json.result.url as string;
}

test("startControlServer is on loopback, and believes nobody about where a request came from", async () => {
  await using server = await listeningControl({});
  assert.is(server.access.url, `http://127.0.0.1:${server.port}`);
  assert.is(server.access.publicUrl, undefined);
  assert.is(server.access.workersDomain, "localhost");
  await using proxy = await tlsProxy(server.port, "192.0.2.7");
  assert.match(await tailUrl(proxy, server.token), /^ws:\/\/a\.example:\d+\/tails\//);
});

test("startControlServer tells clients of a trusted proxy with TLS of a tail that opens through it", async () => {
  await using server = await listeningControl({ trustedProxies: ["127.0.0.1"] });
  await using proxy = await tlsProxy(server.port, "192.0.2.7");
  const url = await tailUrl(proxy, server.token);
  assert.ok(url.startsWith(`${proxy.origin.replace("https", "wss")}/tails/`), url);
  const socket = openTail(url);
  await once(socket, "open");
  const heard = once(socket, "message");
  await server.host.fetch("http://shop.test/path");
  const [message] = (await heard) as [Buffer];
  const { scriptName, logs } = JSON.parse(message.toString()) as Record<string, unknown>;
  assert.equal([scriptName, logs instanceof Array && logs[0].message], ["shop", ["asked"]]);
  const closed = once(socket, "close");
  socket.close();
  await closed;
});

test("startControlServer names the origin that it is told, whatever the request came to", async () => {
  await using server = await listeningControl({ url: "https://skerry.example.com/" });
  assert.is(server.access.publicUrl, "https://skerry.example.com");
  await using proxy = await tlsProxy(server.port, "192.0.2.7");
  assert.match(await tailUrl(proxy, server.token), /^wss:\/\/skerry\.example\.com\/tails\/[\w-]+$/);
});

test("startControlServer answers Skerry's own API to this machine alone, wherever it listens", async () => {
  await using server = await listeningControl({ hostname: "0.0.0.0", trustedProxies: ["127.0.0.1"] });
  assert.is(server.access.url, `http://127.0.0.1:${server.port}`);
  const { token } = server.access;
  const headers = { authorization: `Bearer ${token}` };
  assert.is((await fetch(`${server.access.url}/v1/tokens`, { headers })).status, 200);
  await using far = await tlsProxy(server.port, "192.0.2.7");
  assert.equal(await far.ask("GET", "/v1/tokens", token), {
    status: 403,
    json: {
      error: { code: "NOT_FROM_HERE", message: "the control API answers on the host's own machine only" },
    },
  });
  assert.is((await far.ask("GET", "/client/v4/user/tokens/verify", server.token)).status, 200);
  await using near = await tlsProxy(server.port, "127.0.0.1");
  assert.is((await near.ask("GET", "/v1/tokens", token)).status, 200);
});

test("startControlServer puts workers' names before the host of the workers' URL", async () => {
  await using server = await listeningControl({
    workersUrl: "https://workers.example.com",
    workersPort: 8787,
  });
  assert.is(server.access.workersDomain, "workers.example.com");
  const ask = async (method: string, path: string, body?: object): Promise<WorkerAnswer> => {
    const headers = { authorization: `Bearer ${server.token}` };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return (await (
      await fetch(`${server.access.url}/client/v4/accounts/default/workers${path}`, init)
    ).json()) as WorkerAnswer;
  };
  await ask("POST", "/scripts/shop/subdomain", { enabled: true, previews_enabled: true });
  const { result } = await ask("GET", "/workers/shop");
  assert.is(result.subdomain.url, "https://shop.workers.example.com");
  assert.is(result.subdomain.preview_url_suffix, "-shop.workers.example.com");
  const asked = await server.host.fetch("https://shop.workers.example.com/");
  assert.is(await asked.text(), "ok");
  const [version] = server.host.control.versions("shop");
  const preview = await server.host.fetch(`https://${version!.id.slice(0, 8)}-shop.workers.example.com/`);
  assert.is(await preview.text(), "ok");
});

test.run();
