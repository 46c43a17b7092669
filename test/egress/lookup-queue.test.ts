import { test } from "uvu";
import * as assert from "uvu/assert";
import { LookupQueue } from "../../src/egress/lookup-queue.ts";

/** Questions that are answered when told so. */
class Rig {
  readonly queue: LookupQueue = new LookupQueue(4);
  readonly asked: string[] = [];
  readonly refused: string[] = [];
  #answers: (() => void)[] = [];

  ask(account: string): void {
    const ask = (): Promise<void> => {
      this.asked.push(account);
      return new Promise((resolve) => this.#answers.push(resolve));
    };
    this.queue.run(account, ask).catch(() => this.refused.push(account));
  }

  async answerAll(): Promise<void> {
    await settled();
    for (const answer of this.#answers.splice(0)) answer();
    await settled();
  }
}

/** What can go on without an answer has gone on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

test("LookupQueue leaves a place to others where an account's names are never answered", async () => {
  const rig = new Rig();
  for (let i = 0; i < 50; i++) rig.ask("slow");
  rig.ask("other");
  await settled();
  assert.equal(rig.asked, ["slow", "slow", "slow", "other"]);
});

test("LookupQueue lets a hundred questions of an account wait, and refuses the next", async () => {
  const rig = new Rig();
  for (let i = 0; i < 110; i++) rig.ask("slow");
  await settled();
  assert.is(rig.refused.length, 110 - 3 - 100);
  rig.ask("other");
  await rig.answerAll();
  assert.equal(new Set(rig.refused), new Set(["slow"]));
  for (let i = 0; rig.queue.accounts > 0 && i < 200; i++) await rig.answerAll();
  assert.is(rig.asked.length, 104);
  assert.is(rig.queue.accounts, 0);
});

test.run();
