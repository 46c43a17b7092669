import { SkerryError } from "../errors/skerry-error.ts";

/** A control record cannot be written as asked: it names something absent, or exists already. */
export class ControlConflict extends SkerryError {
  constructor(
    code: "VERSION_EXISTS" | "TOO_MANY" | "NO_SUCH_VERSION" | "NO_SUCH_WORKER" | "BAD_DEPLOYMENT",
    message: string,
  ) {
    super(code, message);
  }
}

/** For what needs a worker that is there. */
export function noSuchWorker(account: string, worker: string): ControlConflict {
  return new ControlConflict(
    "NO_SUCH_WORKER",
    `account "${account}" has no worker "${worker}"; deploy it first`,
  );
}
