/** A client of the member portal's API. Types and paths are those of the OpenAPI document (`schema.ts`, made from it). */

import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type { components, paths } from "./schema";

/** What the API sends and takes, by the document's names. */
export type Schemas = components["schemas"];
/** Every error of the API (RFC 9457). */
export type Problem = Schemas["Problem"];

/** What answers are read as; lists can be had as GeoJSON and CSV too, by `Accept` and `parseAs`. */
const JSON_MEDIA = "application/json" as const;

export interface Settings {
  /** Where the API is, such as `https://api.example.org`. */
  baseUrl: string;
  /** The access token of whoever is signed in, asked for before each request; none for visitors. */
  accessToken?: () => string | undefined;
  /** In place of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/**
 * Makes a client. It sends the access token, and with each read the token of the last write's answer, so that whoever has written
 * something reads it from whichever replica answers.
 */
export function portal(settings: Settings): Client<paths, typeof JSON_MEDIA> {
  const client = createClient<paths, typeof JSON_MEDIA>({
    baseUrl: settings.baseUrl,
    querySerializer: { array: { style: "form", explode: true } },
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  });
  client.use(bearer(settings), ownWrites());
  return client;
}

function bearer({ accessToken }: Settings): Middleware {
  return {
    onRequest({ request }) {
      const token = accessToken?.();
      if (token !== undefined && !request.headers.has("Authorization")) {
        request.headers.set("Authorization", `Bearer ${token}`);
      }
      return request;
    },
  };
}

function ownWrites(): Middleware {
  let lastWrite: string | undefined;
  return {
    onRequest({ request }) {
      if (lastWrite !== undefined && request.method === "GET" && !request.headers.has("Portal-Consistency")) {
        request.headers.set("Portal-Consistency", lastWrite);
      }
      return request;
    },
    onResponse({ response }) {
      lastWrite = response.headers.get("Portal-Consistency") ?? lastWrite;
      return response;
    },
  };
}

/** The problem of an answer that is none of what the document promises for success. */
export class PortalError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.title} (${problem.status}, request ${problem.requestId})`);
    this.name = "PortalError";
  }
}

/** The data of an answer, or the problem thrown. */
export function dataOf<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) {
    throw new PortalError(answer.error as Problem);
  }
  return answer.data;
}
