import { test } from "uvu";
import * as assert from "uvu/assert";
import { ASSET_REQUESTS, askAssets } from "./ask-assets.ts";

test("static assets are answered as workerd's assets service answers them", async () => {
  const answers = await askAssets();
  assert.is(answers.length, ASSET_REQUESTS);
  assert.equal(
    answers.filter(({ skerry, workerd }) => skerry !== workerd),
    [],
  );
});

test.run();
