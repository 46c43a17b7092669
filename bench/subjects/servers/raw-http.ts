/** node:http that answers at once: what no runtime on Node can be faster than. */
import { answerOf } from "../site.ts";
import { serveTenants } from "./tenants-server.ts";

serveTenants((tenant) => () => answerOf("hello", tenant));
