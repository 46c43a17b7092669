import { nameConstructor } from "../globals/define.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { entryClasses } from "./late-entry-classes.ts";

/** A class that code may extend and ask for with `instanceof`; making one throws. */
function unmakeable(name: string, error: () => Error): Function {
  const made = class {
    constructor() {
      throw error();
    }
  };
  nameConstructor(made, name);
  return made;
}

/** Making one says what is missing. */
function refusing(name: string, what: string): Function {
  return unmakeable(
    name,
    () => new ErrorOf(`${what} are not supported by this host yet: no "${name}" can be made.`),
  );
}

function illegal(name: string): Function {
  return unmakeable(name, () => new TypeErrorOf("Illegal constructor"));
}

/** What workers extend whose methods others shall call. One can be made; nothing can be called from elsewhere yet. */
class RpcTarget {}

/**
 * An error that a step of a workflow throws so that it is not tried again.
 * @see https://developers.cloudflare.com/workflows/build/sleeping-and-retrying/
 */
class NonRetryableError extends ErrorOf {
  constructor(message: string, name = "NonRetryableError") {
    super(message);
    this.name = name;
  }
}
nameConstructor(NonRetryableError, "NonRetryableError");
nameConstructor(RpcTarget, "RpcTarget");

entryClasses.provide({
  DurableObject: refusing("DurableObject", "Durable Objects"),
  WorkflowEntrypoint: refusing("WorkflowEntrypoint", "Workflows"),
  RpcStub: refusing("RpcStub", "Method calls (RPC)"),
  RpcPromise: illegal("RpcPromise"),
  RpcProperty: illegal("RpcProperty"),
  ServiceStub: illegal("ServiceStub"),
  RpcTarget,
  NonRetryableError,
});
