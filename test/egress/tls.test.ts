import { test } from "uvu";
import * as assert from "uvu/assert";
import { UNREACHABLE } from "../../src/egress/egress-error.ts";
import { eventually } from "../eventually.ts";
import { failure, fetchWith, httpOrigin, openEgress, rawOrigin } from "./egress-fixture.ts";
import { CERTIFICATE, EXPIRED, secureOrigin } from "./secure-origin.ts";

const TRUSTING = { ca: CERTIFICATE, resolve: async () => ["127.0.0.1"] };

test("Egress.fetch() asks for the name of the URL in TLS and in Host alike, whatever the worker's headers say", async () => {
  await using origin = await secureOrigin((request, response) => void response.end(request.headers.host));
  await using egress = openEgress(TRUSTING);
  for (const name of ["a.example", "b.example"]) {
    const answer = await fetchWith(egress, `https://${name}:${origin.port}/`, {
      headers: "host\nevil.example",
    });
    assert.is(await answer.text(), `${name}:${origin.port}`);
  }
  assert.equal(origin.names, ["a.example", "b.example"]);
});

test("Egress.fetch() refuses certificates of another name, of nobody, and of the past, and closes the connection", async () => {
  await using origin = await secureOrigin((_request, response) => void response.end("reached"));
  await using expired = await secureOrigin((_request, response) => void response.end("reached"), EXPIRED);
  await using trusting = openEgress(TRUSTING);
  await using wary = openEgress({ resolve: TRUSTING.resolve });
  await using dated = openEgress({ ...TRUSTING, ca: EXPIRED });
  const NOT_ACCEPTED = /certificate is not accepted/;
  assert.match(await failure(fetchWith(trusting, `https://other.example:${origin.port}/`)), NOT_ACCEPTED);
  assert.match(await failure(fetchWith(trusting, `https://127.0.0.1:${origin.port}/`)), NOT_ACCEPTED);
  assert.match(await failure(fetchWith(wary, `${origin.url}/`)), NOT_ACCEPTED);
  assert.match(await failure(fetchWith(dated, `${expired.url}/`)), NOT_ACCEPTED);
  await eventually(() => origin.sockets.size === 0 && expired.sockets.size === 0, "all closed");
});

test("Egress.fetch() gives up on what is no TLS, and on TLS that never comes", async () => {
  await using plain = await httpOrigin((_request, response) => void response.end("reached"));
  await using silent = await rawOrigin((socket) => void socket.resume());
  await using egress = openEgress(TRUSTING);
  await using hasty = openEgress({ ...TRUSTING, connectTimeoutMs: 300 });
  assert.match(await failure(fetchWith(egress, `https://a.example:${plain.port}/`)), /TLS is not accepted/);
  assert.is(
    await failure(fetchWith(hasty, `https://a.example:${silent.port}/`)),
    `TypeError: ${UNREACHABLE}`,
  );
  await eventually(() => plain.sockets.size === 0, "plain closed");
  await eventually(() => silent.sockets.size === 0, "silent closed");
});

test("Egress.fetch() checks redirects from scheme to scheme, and keeps credentials from the other", async () => {
  let target = "";
  const seen: (string | undefined)[] = [];
  await using plain = await httpOrigin((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/") response.end("plain");
    else response.writeHead(307, { location: target }).end();
  });
  await using secure = await secureOrigin((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/") response.end("secure");
    else response.writeHead(307, { location: target }).end();
  });
  await using egress = openEgress({
    ...TRUSTING,
    resolve: async (name) => [name === "inner.example" ? "10.0.0.1" : "127.0.0.1"],
    deny: [`b.example:${secure.port}`],
  });
  const headers = "authorization\nsecret";
  target = `${secure.url}/`;
  assert.is(await (await fetchWith(egress, `${plain.url}/hop`, { headers })).text(), "secure");
  target = `${plain.url}/`;
  assert.is(await (await fetchWith(egress, `${secure.url}/hop`, { headers })).text(), "plain");
  assert.equal(seen, ["secret", undefined, "secret", undefined]);
  for (target of [
    "https://inner.example/",
    "http://inner.example/",
    `https://b.example:${secure.port}/`,
    "http://[::ffff:169.254.169.254]/",
    "//10.0.0.1/",
  ])
    assert.is(await failure(fetchWith(egress, `${secure.url}/hop`)), `TypeError: ${UNREACHABLE}`, target);
});

test.run();
