/** How the client is used. It is compiled, not run: that the types say what the API does is what it shows. */

import { dataOf, portal, PortalError, type Schemas } from "./index";

async function signIn(baseUrl: string, email: string, password: string): Promise<string> {
  const answer = dataOf(await portal({ baseUrl }).POST("/v1/auth/login", { body: { email, password } }));
  if ("mfaRequired" in answer) {
    throw new Error("the account has a second factor");
  }
  return answer.accessToken;
}

/** Every contractor near a place, page by page. */
async function* contractorsNear(baseUrl: string, near: string): AsyncGenerator<Schemas["ContractorItem"]> {
  const api = portal({ baseUrl });
  let cursor: string | undefined;
  do {
    const query = { near, radiusMiles: 20, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = dataOf(await api.GET("/v1/contractors", { params: { query } }));
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Changes a project, unless somebody else has changed it since it was read. */
async function rename(baseUrl: string, accessToken: string, id: string, title: string): Promise<boolean> {
  const api = portal({ baseUrl, accessToken: () => accessToken });
  const { response } = await api.GET("/v1/projects/{id}", { params: { path: { id } } });
  const version = response.headers.get("ETag");
  const changed = await api.PATCH("/v1/projects/{id}", {
    params: { path: { id }, header: version === null ? {} : { "If-Match": version } },
    body: { title },
  });
  if (changed.response.status === 412) {
    return false;
  }
  dataOf(changed);
  return true;
}

export async function main(baseUrl: string): Promise<void> {
  try {
    const token = await signIn(baseUrl, "member@example.org", "maple-harbor-quiet-lantern-72");
    for await (const contractor of contractorsNear(baseUrl, "37.7749,-122.4194")) {
      const distance: number | null | undefined = contractor.distanceMiles;
      console.log(contractor.displayName, distance);
    }
    await rename(baseUrl, token, "0198a7c0-0000-7000-8000-000000000001", "A new roof");
  } catch (error) {
    if (error instanceof PortalError) {
      console.error(error.problem.errors?.map((fault) => `${fault.pointer} ${fault.detail}`));
    }
    throw error;
  }
}

// What the document does not say does not compile.
const api = portal({ baseUrl: "https://api.example.org" });
// @ts-expect-error: no such path
void api.GET("/v1/nowhere");
// @ts-expect-error: a password is missing
void api.POST("/v1/auth/login", { body: { email: "member@example.org" } });
// @ts-expect-error: a misspelt parameter
void api.GET("/v1/contractors", { params: { query: { radius: 20 } } });
