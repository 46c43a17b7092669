import { registerDescriber } from "../console/kinds.ts";
import { Pairs } from "../console/pairs.ts";
import { describeBy } from "../console/platform.ts";
import { reflectApply } from "../primordials/object.ts";
import { Headers } from "./headers.ts";
import { Request } from "./request.ts";
import { Response } from "./response.ts";

describeBy(Request.prototype, ["method", "url", "headers", "redirect", "bodyUsed"]);
describeBy(Response.prototype, ["status", "statusText", "headers", "ok", "redirected", "url", "bodyUsed"]);

const headersForEach = Headers.prototype.forEach;
registerDescriber(Headers.prototype, (value) => {
  const shown = new Pairs();
  reflectApply(headersForEach, value, [(text: string, name: string) => shown.add(name, text)]);
  return shown.byName;
});
