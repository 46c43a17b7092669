import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { type Outbox, plugIns, worker } from "../../examples/plug-ins.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

test("plug-ins answers email, analytics, a model, a fetch and a database's address", async () => {
  const outbox: Outbox = { mails: [], points: [] };
  await using host = await createHost({ limits: WIDE_LIMITS, bindings: plugIns(outbox) });
  await host.deploy(worker);
  const ask = async (path: string): Promise<string> =>
    await (await host.fetch(`http://letters${path}`)).text();
  assert.equal(JSON.parse(await ask("/")), {
    response: "hello",
    browser: { opened: "/acquire" },
    database: "postgres://db.internal/acme",
  });
  assert.is(await ask("/stream"), "data: hi\n\n");
  assert.is(await ask("/mail"), "sent");
  assert.equal(outbox.mails, [
    {
      account: "acme",
      from: "shop@acme.example",
      to: "owner@acme.example",
      raw: "Subject: Hello\r\n\r\nIt works.",
    },
  ]);
  assert.equal(outbox.points, [
    { dataset: "visits", blobs: ["/"] },
    { dataset: "visits", blobs: ["/stream"] },
    { dataset: "visits", blobs: ["/mail"] },
  ]);
  const refused = await host.deploy({ ...worker, account: "other" }).then(
    () => "nothing was thrown",
    (error: Error) => error.message,
  );
  assert.match(refused, /binding "AI": your account has no access to models/);
});

test.run();
