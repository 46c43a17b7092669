import { test } from "uvu";
import * as assert from "uvu/assert";
import { boundedControl } from "../../src/cli/bounded-control.ts";
import { BodyBudget } from "../../wrangler-compat/api/body/body-budget.ts";

const MB = 1024 * 1024;

function post(body: RequestInit["body"]): Request {
  return new Request("http://host/v1/workers", { method: "POST", body, duplex: "half" } as RequestInit);
}

/** A body of so many bytes that says no length beforehand. */
function streamOf(sizeBytes: number, open = false): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(sizeBytes));
      if (!open) controller.close();
    },
  });
}

test("boundedControl hands bodies on as they are, and refuses those that are too long or too many", async () => {
  const bodies = new BodyBudget();
  const answer = boundedControl(async (request) => new Response(await request.text()), bodies, 200 * MB);
  assert.is(await (await answer(post("as it is ü"))).text(), "as it is ü");
  assert.is((await answer(new Request("http://host/v1/stats"))).status, 200);
  const long = await answer(post(streamOf(200 * MB + 1)));
  assert.equal([long.status, Object(await long.json()).error.code], [413, "BODY_TOO_LARGE"]);
  const waiting = answer(post(streamOf(150 * MB, true)));
  waiting.catch(() => {});
  const second = await answer(post(streamOf(150 * MB)));
  assert.equal([second.status, second.headers.get("retry-after")], [429, "2"]);
  assert.is((await answer(post("small"))).status, 200);
});

test.run();
