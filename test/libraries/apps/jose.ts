import * as jose from "jose";

const SIGNATURES = ["HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA"];
const ENCRYPTIONS = ["dir", "A256KW", "A256GCMKW", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"];
const SECRET = new Uint8Array(32).fill(7);

async function sign(alg: string): Promise<string> {
  const pair = alg === "HS256" ? null : await jose.generateKeyPair(alg);
  const token = await new jose.SignJWT({ role: "admin" })
    .setProtectedHeader({ alg })
    .setIssuedAt()
    .setSubject("ada")
    .setExpirationTime("1h")
    .sign(pair?.privateKey ?? SECRET);
  const { payload } = await jose.jwtVerify(token, pair?.publicKey ?? SECRET, { subject: "ada" });
  const cut = token.slice(0, -6) + (token.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA");
  const refused = await jose.jwtVerify(cut, pair?.publicKey ?? SECRET).catch((error: Error) => error);
  return `${String(payload["role"])} ${refused instanceof Error ? refused.name : "nothing"}`;
}

async function encrypt(alg: string): Promise<string> {
  const isSecret = alg === "dir" || (alg.endsWith("KW") && !alg.startsWith("ECDH"));
  const pair = isSecret ? null : await jose.generateKeyPair(alg);
  const token = await new jose.CompactEncrypt(new TextEncoder().encode("sealed"))
    .setProtectedHeader({ alg, enc: "A256GCM" })
    .encrypt(pair?.publicKey ?? SECRET);
  const { plaintext } = await jose.compactDecrypt(token, pair?.privateKey ?? SECRET);
  return new TextDecoder().decode(plaintext);
}

async function remote(url: string): Promise<unknown> {
  const keys = jose.createRemoteJWKSet(new URL(url));
  const { keys: own } = (await (await fetch(`${url}?private`)).json()) as { keys: jose.JWK[] };
  const signer = await jose.importJWK(own[0] as jose.JWK, "ES256");
  const token = await new jose.SignJWT({ from: "afar" })
    .setProtectedHeader({ alg: "ES256", kid: "one" })
    .sign(signer);
  return (await jose.jwtVerify(token, keys)).payload["from"];
}

async function each(names: readonly string[], run: (name: string) => Promise<string>): Promise<object> {
  const found: Record<string, string> = {};
  for (const name of names) found[name] = await run(name);
  return found;
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/sign") return Response.json(await each(SIGNATURES, sign));
    if (pathname === "/encrypt") return Response.json(await each(ENCRYPTIONS, encrypt));
    return Response.json(await remote(searchParams.get("keys") ?? ""));
  },
};
