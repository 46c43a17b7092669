import { test } from "uvu";
import * as assert from "uvu/assert";
import { uploadForm } from "../wrangler-compat/api/api-fixture.ts";
import { askHost } from "./ask-host.ts";
import { type ControlFixture, listeningControl } from "./control-fixture.ts";

const DEPLOYS = 20;
/** Clients, each of which asks again as soon as it has an answer. */
const CLIENTS = 4;
const SCRIPT = "/client/v4/accounts/default/workers/scripts/shop";

/** Some answers are under way while their version goes. */
const codeOf = (number: number): string => `export default { async fetch(request) {
  await request.text();
  await new Promise((resolve) => setTimeout(resolve, ${(number % 3) * 10}));
  return new Response("version ${number}");
} };`;

/** One request to the worker, on a connection of its own. @returns status and body, or why there was none */
async function ask(port: number): Promise<string> {
  return await askHost(port, "shop.test", { method: "POST", body: "x".repeat(1_000) }).then(
    (answer) => `${answer.status} ${answer.text}`,
    (error: Error) => `none: ${error.message}`,
  );
}

async function api(
  { access, token }: ControlFixture,
  method: string,
  path: string,
  body: FormData | object,
): Promise<string> {
  const response = await fetch(access.url + SCRIPT + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: body instanceof FormData ? body : JSON.stringify(body),
  });
  const { success, result, errors } = (await response.json()) as {
    success: boolean;
    result: { id: string };
    errors: unknown;
  };
  assert.ok(success, JSON.stringify(errors));
  return result.id;
}

/** Deploys a version, in one of the ways that wrangler has. */
async function deploy(server: ControlFixture, number: number): Promise<void> {
  const form = uploadForm(codeOf(number));
  if (number % 2 === 0) {
    await api(server, "PUT", "", form);
    return;
  }
  const id = await api(server, "POST", "/versions", form);
  const versions = [{ version_id: id, percentage: 100 }];
  await api(server, "POST", "/deployments", { strategy: "percentage", versions });
}

test("no request over a socket fails while a worker is deployed over REST, and each gets what was deployed when it began", async () => {
  // A machine that is slow because of others refuses nothing here.
  const hostOptions = { cell: "process", cells: 1, admission: { maxWaitMs: 0 } } as const;
  await using server = await listeningControl({}, hostOptions);
  const { port } = await server.host.listen({ port: 0 });
  await deploy(server, 0);
  let deployed = 0;
  let over = false;
  const answers: { readonly begun: number; readonly answer: string }[] = [];
  let answered = (): void => {};
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!over) {
      const begun = deployed;
      answers.push({ begun, answer: await ask(port) });
      answered();
    }
  });
  for (let number = 0; number < DEPLOYS; number++) {
    if (number > 0) await deploy(server, number);
    deployed = number;
    // So that each version has something to answer.
    const before = answers.length;
    while (answers.length < before + 2 * CLIENTS) await new Promise<void>((done) => (answered = done));
  }
  over = true;
  await Promise.all(clients);
  const failed = answers.filter(({ answer }) => !/^200 version \d+$/.test(answer));
  assert.equal(failed, []);
  const late = answers.filter(({ begun, answer }) => Number(answer.split(" ")[2]) < begun);
  assert.equal(late, []);
  assert.is(new Set(answers.map(({ answer }) => answer)).size, DEPLOYS);
});

test.run();
