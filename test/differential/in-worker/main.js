import area from "./area.js";
import { observe } from "./observe.js";

/** Runs the case that the path names: answers with what it saw, or with the Response that it gives. */
export default {
  async fetch(request, env, ctx) {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const { see, report } = observe();
    const answer = await area[name](see, request, env, ctx);
    return answer instanceof Response ? answer : new Response(await report());
  },
};
