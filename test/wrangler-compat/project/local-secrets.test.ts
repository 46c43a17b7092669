import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LocalOptions, readLocalSecrets } from "../../../wrangler-compat/project/local-secrets.ts";
import { projectFolder } from "../project-folder.ts";

function read(files: Readonly<Record<string, string>>, options: Partial<LocalOptions> = {}): unknown {
  using folder = projectFolder({ "index.js": "", ...files });
  const { values, sources } = readLocalSecrets(folder.path, { vars: [], processEnv: {}, ...options });
  return [values, sources];
}

test("readLocalSecrets takes .dev.vars of the environment, or else the plain one, and then no .env", () => {
  const files = { ".dev.vars": "A=1\nB='x y'", ".dev.vars.live": "A=2", ".env": "A=3\nC=3" };
  assert.equal(read(files), [{ A: "1", B: "x y" }, [".dev.vars"]]);
  assert.equal(read(files, { env: "live" }), [{ A: "2" }, [".dev.vars.live"]]);
  assert.equal(read(files, { env: "other" }), [{ A: "1", B: "x y" }, [".dev.vars"]]);
});

test("readLocalSecrets takes .env files where there is no .dev.vars, later ones before earlier ones", () => {
  const files = {
    ".env": "A=env\nB=env\nC=env\nD=env",
    ".env.local": "B=local\nC=local\nD=local",
    ".env.live": "C=live\nD=live",
    ".env.live.local": "D=live local",
  };
  assert.equal(read(files), [{ A: "env", B: "local", C: "local", D: "local" }, [".env", ".env.local"]]);
  assert.equal(read(files, { env: "live" }), [
    { A: "env", B: "local", C: "live", D: "live local" },
    [".env", ".env.local", ".env.live", ".env.live.local"],
  ]);
  assert.equal(read(files, { processEnv: { CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false" } }), [{}, []]);
});

test("readLocalSecrets gives a worker all of .env, as wrangler does, and reads wrangler's settings there", () => {
  const lines = "CLOUDFLARE_API_TOKEN=t\nCLOUDFLARE_ACCOUNT_ID=default\nMINE=1";
  const values = { CLOUDFLARE_API_TOKEN: "t", CLOUDFLARE_ACCOUNT_ID: "default", MINE: "1" };
  assert.equal(read({ ".env": lines }), [values, [".env"]]);
  const kept = `${lines}\nCLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=false`;
  assert.equal(read({ ".env": kept }), [{}, []]);
  assert.equal(read({ ".env": kept, ".dev.vars": "A=1" }), [{ A: "1" }, [".dev.vars"]]);
  // What the process has wins over the file.
  const processEnv = { CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "true" };
  assert.equal((read({ ".env": kept }, { processEnv }) as [object])[0], {
    ...values,
    CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false",
  });
  const included = read({ ".env": "CLOUDFLARE_INCLUDE_PROCESS_ENV=true" }, { processEnv: { HOME: "/" } });
  assert.equal(included, [{ CLOUDFLARE_INCLUDE_PROCESS_ENV: "true", HOME: "/" }, [".env"]]);
});

test("readLocalSecrets puts variables of .env files into each other, and ends where they go round", () => {
  const env = [
    "HOST=example.com",
    'URL="https://${HOST}/$PATH_PART"',
    "PATH_PART=${NONE:-a}",
    "ROUND=${TRIP}",
    "TRIP=${ROUND}",
    "PRICE='\\$5'",
  ].join("\n");
  assert.equal(read({ ".env": env }), [
    { HOST: "example.com", URL: "https://example.com/a", PATH_PART: "a", ROUND: "", TRIP: "", PRICE: "$5" },
    [".env"],
  ]);
});

test("readLocalSecrets takes only what is required, or a variable of the config, where secrets are required", () => {
  const files = { ".env": "KEY=1\nMODE=2\nOTHER=3" };
  const processEnv = { KEY: "from the process", TOKEN: "t", HOME: "/" };
  assert.equal(read(files, { required: ["KEY", "TOKEN"], vars: ["MODE"], processEnv }), [
    { MODE: "2", KEY: "from the process", TOKEN: "t" },
    [".env"],
  ]);
  assert.equal(read(files, { processEnv }), [{ KEY: "1", MODE: "2", OTHER: "3" }, [".env"]]);
  const [all] = read(files, { processEnv: { ...processEnv, CLOUDFLARE_INCLUDE_PROCESS_ENV: "true" } }) as [
    object,
  ];
  assert.equal(Object.keys(all).includes("HOME"), true);
});

test.run();
