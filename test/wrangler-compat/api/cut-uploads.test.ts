import { test } from "uvu";
import * as assert from "uvu/assert";
import { CuttingProxy } from "../cutting-proxy.ts";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const CODE = "export default { fetch: () => new Response('hello') };";
const SCRIPT = "/accounts/acme/workers/scripts/shop";
/** Nothing, a part of the head, and the head with a part of the body, which is longer than the head. */
const CUTS = [0, 20, 300];

test("an upload whose answer is cut on its way makes one version, however often it is sent again", async () => {
  await using api = await ApiFixture.listen();
  await using proxy = await CuttingProxy.to(api.port);
  const versions = (): number => api.host.control.versions("shop", "acme").length;
  const send = async (method: string, path: string, body: FormData | string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${api.token}` };
    const response = await fetch(`http://127.0.0.1:${proxy.port}/client/v4${path}`, {
      ...{ method, headers, body },
    });
    return await response.json();
  };
  await send("PUT", SCRIPT, uploadForm(CODE));
  for (const [method, path] of [
    ["PUT", SCRIPT],
    ["POST", `${SCRIPT}/versions`],
  ] as const) {
    const before = versions();
    const form = (): FormData => uploadForm(CODE, { annotations: { "workers/message": method } });
    for (const passed of CUTS) {
      const cut = proxy.cutAfter(passed);
      const broken = await send(method, path, form()).then(
        () => null,
        (error: unknown) => error,
      );
      assert.instance(broken, TypeError, `${method} cut after ${passed}`);
      await cut;
    }
    const [{ id } = { id: "" }] = api.host.control.versions("shop", "acme");
    const answer = (await send(method, path, form())) as { result: { id: string; deployment_id?: string } };
    assert.is(versions(), before + 1, method);
    assert.is(
      answer.result.deployment_id ?? answer.result.id,
      method === "PUT" ? id.replaceAll("-", "") : id,
    );
  }
});

test.run();
