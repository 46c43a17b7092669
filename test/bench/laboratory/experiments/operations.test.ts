import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WHOLE } from "../../../../bench/laboratory/experiment.ts";
import { countOf } from "../../../../bench/statistics/distribution.ts";
import { answerOf, SERVICE_SOURCE, site, workerSource } from "../../../../bench/subjects/site.ts";
import { worker } from "../../../../bench/workers.ts";
import { createHost } from "../../../../src/index.ts";
import { measureSkerry } from "../measure-skerry.ts";
import { measureRecorded } from "../recording-server.ts";

test("every answer of outbound-16 was fetched from the origin", async () => {
  let fetched = 0;
  const origin = createServer((_, response) => {
    fetched++;
    response.end(answerOf("outbound", 0));
  });
  await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
  try {
    const originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    const { samples } = await measureSkerry("outbound-16", { originUrl });
    const counted = countOf(samples[WHOLE.name]!);
    assert.ok(counted > 0 && fetched >= counted, `${fetched} fetched, ${counted} counted`);
  } finally {
    origin.closeAllConnections();
    origin.close();
  }
});

test("kv-1 and service-1 have right answers on a server of ours", async () => {
  for (const name of ["kv-1", "service-1"]) {
    const { samples } = await measureSkerry(name);
    assert.ok(countOf(samples[WHOLE.name]!) > 0, name);
  }
});

test("the worker of kv answers what stands in KV, and the one of service what another worker says", async () => {
  await using host = await createHost({ cell: "in-process" });
  const kv = await host.deploy(
    worker("kv", workerSource(site({ kind: "kv" }), 0), {
      kvNamespaces: [{ binding: "DATA", id: "data" }],
    }),
  );
  const ask = async (of: typeof kv, init?: RequestInit): Promise<string> =>
    await (await of.fetch("http://t0.localhost/", init)).text();
  assert.is(await ask(kv), "");
  assert.is(await ask(kv, { method: "PUT" }), answerOf("kv", 0));
  assert.is(await ask(kv), answerOf("kv", 0));

  const service = worker("service", workerSource(site({ kind: "service" }), 0), {
    services: [{ binding: "OTHER", service: "other" }],
  });
  await host.deploy(worker("other", SERVICE_SOURCE));
  assert.is(await ask(await host.deploy(service)), answerOf("service", 0));
  await host.deploy(worker("other", SERVICE_SOURCE.replace(/"o+"/, '"another one"')));
  assert.is(await ask(host.worker("service")!), "another one");
});

test("an operation that answers nothing gives no figure", async () => {
  for (const name of ["kv-1", "service-1", "outbound-1"]) {
    const message = await measureRecorded(name, { answer: () => "" }).then(
      () => "nothing was thrown",
      (error: Error) => error.message,
    );
    assert.match(message, 'tenant 0 answered 200 ""', name);
  }
});

test.run();
