import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountBudget, OPERATION_BYTES_PER_ACCOUNT } from "../../../src/bindings/crypto/account-budget.ts";

test("AccountBudget holds each account to so many bytes at once", () => {
  const budget = new AccountBudget();
  budget.enter("a", OPERATION_BYTES_PER_ACCOUNT);
  assert.throws(() => budget.enter("a", 1), /of this account at once/);
  budget.enter("b", OPERATION_BYTES_PER_ACCOUNT);
  budget.leave("a", 1);
  budget.enter("a", 1);
  budget.leave("a", OPERATION_BYTES_PER_ACCOUNT);
  budget.enter("a", OPERATION_BYTES_PER_ACCOUNT);
});

test.run();
