import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture } from "./api-fixture.ts";

const SPACES = "/accounts/acme/storage/kv/namespaces";

test("cloudflareApi lists keys from cursor to cursor, each once, until the cursor is empty", async () => {
  await using api = await ApiFixture.listen();
  const space = `${SPACES}/${(await api.ask("POST", SPACES, { title: "space" })).result.id}`;
  const keys = Array.from({ length: 25 }, (_, n) => `a/${n} ü`).toSorted();
  const pairs = [...keys, "b"].map((key) => ({ key, value: "v" }));
  assert.is((await api.ask("PUT", `${space}/bulk`, pairs)).status, 200);
  const seen: string[] = [];
  const counts: number[] = [];
  let cursor = "";
  do {
    const query = new URLSearchParams({ prefix: "a/", limit: "10", cursor });
    const { status, result, result_info } = await api.ask("GET", `${space}/keys?${query}`);
    assert.is(status, 200);
    assert.is(result_info!.count, result.length);
    counts.push(result.length);
    seen.push(...(result as { name: string }[]).map(({ name }) => name));
    cursor = result_info!.cursor;
  } while (cursor !== "" && counts.length < 10);
  assert.equal(counts, [10, 10, 5]);
  assert.equal(seen, keys);
  const whole = await api.ask("GET", `${space}/keys`);
  assert.equal([whole.result.length, whole.result_info!.cursor], [26, ""]);
  assert.is((await api.ask("GET", `${space}/keys?cursor=nonsense`)).status, 400);
});

test.run();
