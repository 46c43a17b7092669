import type { Project } from "../project.ts";

/** Projects of others. */
export const OTHER_PROJECTS: readonly Project[] = [
  {
    name: "ciiiii/cloudflare-docker-proxy",
    source: { git: "ciiiii/cloudflare-docker-proxy", commit: "5f0b9200de4aa7ad8adade8c91fd61ec420ef152" },
    args: ["--env", "production", "src/index.js", "--var", "CUSTOM_DOMAIN:proxy.test"],
    expect: "answers",
    checks: [
      { path: "/", status: 301 },
      { path: "/v1", status: 404, has: "routes" },
    ],
  },
  {
    name: "cmliu/edgetunnel",
    source: { git: "cmliu/edgetunnel", commit: "e2da274be4148fb2f7d3ded10ce510157084a8df", install: [] },
    expect: "answers",
    checks: [{ path: "/", status: 301 }],
    unasked: "its tunnel, for there is no outgoing TCP (request.fetcher.connect)",
  },
  {
    name: "honojs/examples basic",
    source: { git: "honojs/examples", commit: "50da66a7b477f2acbf812c0f77080b104a0de7b6", folder: "basic" },
    expect: "answers",
    checks: [
      { path: "/" },
      { path: "/entry/7", has: "Your ID is 7" },
      { path: "/book/3", has: "Get Book: 3" },
      { path: "/api/posts", has: "Good Morning" },
      { path: "/api/posts", method: "POST", status: 201, has: "Created!" },
      { path: "/api/x", status: 404, has: "not found" },
      { path: "/redirect", status: 302 },
      { path: "/auth/x", status: 500, has: "Custom Error Message" },
      {
        path: "/auth/x",
        headers: { authorization: "Basic aG9ubzphY29vbHByb2plY3Q=" },
        has: "You are authorized",
      },
    ],
  },
  {
    name: "honojs/examples jsx-ssr",
    source: { git: "honojs/examples", commit: "50da66a7b477f2acbf812c0f77080b104a0de7b6", folder: "jsx-ssr" },
    expect: "answers",
    checks: [
      { path: "/", has: "<html" },
      { path: "/post/1", has: "<" },
    ],
  },
  {
    name: "honojs/examples durable-objects",
    source: {
      git: "honojs/examples",
      commit: "50da66a7b477f2acbf812c0f77080b104a0de7b6",
      folder: "durable-objects",
    },
    expect: { refused: "does not support Durable Objects" },
  },
  {
    name: "honojs/examples serve-static",
    source: {
      git: "honojs/examples",
      commit: "50da66a7b477f2acbf812c0f77080b104a0de7b6",
      folder: "serve-static",
    },
    expect: "answers",
    checks: [
      { path: "/" },
      { path: "/my-file.txt", has: "This is a sample file" },
      { path: "/folder/nested-file.txt" },
      { path: "/none", status: 404 },
    ],
  },
];
