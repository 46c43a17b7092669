import { test } from "uvu";
import * as assert from "uvu/assert";
import { requestDepth } from "../../src/egress/request-depth.ts";
import { createHost } from "../../src/index.ts";
import { httpOrigin } from "./egress-fixture.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

test("requestDepth() takes what is no count as 0, and the first of several", () => {
  const given = ["7", "3, 5", "-1000", "-1, 9", "x", "", "NaN", undefined];
  assert.equal(given.map(requestDepth), [7, 3, 0, 0, 0, 0, 0, 0]);
});

test("a request counts the workers it came through from 0 on, whatever a client says, and so do tail handlers", async () => {
  const seen: string[] = [];
  await using origin = await httpOrigin((request, response) => {
    seen.push(`${request.url} ${String(request.headers["skerry-depth"])}`);
    response.end();
  });
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: "in-process",
    egress: { allowAddresses: ["127.0.0.1"] },
  });
  const deploy = async (name: string, content: string, tailConsumers?: string[]): Promise<void> => {
    const modules = [{ name: "i.js", type: "esm" as const, content }];
    await host.deploy({ name, main: "i.js", modules, ...(tailConsumers && { tailConsumers }) });
  };
  await deploy("log", `export default { async tail() { await fetch("${origin.url}/tail") } }`);
  await deploy("shop", `export default { fetch: () => fetch("${origin.url}/fetch") }`, ["log"]);
  for (const [given, fetched, told] of [
    ["-1000", 1, 9],
    ["3, 5", 4, 12],
  ] as const) {
    seen.length = 0;
    await (await host.worker("shop")!.fetch("http://shop/", { headers: { "skerry-depth": given } })).text();
    for (let i = 0; i < 300 && seen.length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(seen, [`/fetch ${fetched}`, `/tail ${told}`], given);
  }
});

test.run();
