import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;

test("every list ends for a client that turns pages until one is empty, and gives each entry once", async () => {
  await using api = await ApiFixture.listen();
  const KV = `${A}/storage/kv/namespaces`;
  for (const title of ["a", "b", "c"]) await api.ask("POST", KV, { title });
  for (const name of ["shop", "blog", "site"])
    await api.ask(
      "PUT",
      `${A}/workers/scripts/${name}`,
      uploadForm(`export default { fetch() {} }; // ${name}`),
    );
  const secrets = Object.fromEntries(
    ["A", "B", "C"].map((name) => [name, { name, text: "x", type: "secret_text" }]),
  );
  await api.ask("PATCH", `${SCRIPT}/secrets-bulk`, { secrets });
  await api.ask(
    "PUT",
    `${SCRIPT}/routes`,
    ["a.test/*", "b.test/*", "c.test/*"].map((pattern) => ({ pattern })),
  );
  const origins = ["x.test", "y.test", "z.test"].map((hostname) => ({ hostname }));
  await api.ask("PUT", `${SCRIPT}/domains/records`, { origins });
  const lists: readonly (readonly [path: string, count: number])[] = [
    [KV, 3],
    [`${A}/workers/scripts`, 3],
    [`${SCRIPT}/secrets`, 3],
    [`${SCRIPT}/routes`, 3],
    [`${A}/workers/domains`, 3],
    ["/zones/acme:a.test/workers/routes", 3],
    ["/accounts", 1],
    ["/memberships", 1],
    ["/zones?name=a.test&account.id=acme", 1],
    [`${A}/queues`, 0],
    [`${A}/workflows`, 0],
    [`${A}/workers/dispatch/namespaces`, 0],
  ];
  for (const [path, count] of lists)
    for (const size of ["", "&per_page=2"]) {
      const seen: string[] = [];
      let pages = 0;
      for (let page = 1; page < 10; page++) {
        const url = `${path}${path.includes("?") ? "&" : "?"}page=${page}${size}`;
        const { status, result, result_info } = await api.ask("GET", url);
        assert.is(status, 200, url);
        assert.equal([result_info!.count, result_info!.total_count], [result.length, count], url);
        if (result.length === 0) break;
        pages++;
        seen.push(...(result as unknown[]).map((entry) => JSON.stringify(entry)));
      }
      assert.equal([seen.length, new Set(seen).size], [count, count], path);
      assert.is(pages, size === "" ? Math.min(1, count) : Math.ceil(count / 2), path + size);
    }
});

test.run();
