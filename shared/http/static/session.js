// Who has signed in. Tokens are kept in this module alone, so they end with the page.

import { ProblemError, problemOf } from "./problem.js";

// So long before an access token runs out it is replaced.
const MARGIN = 30_000;

let tokens = null;
let refreshing = null;
let newestWrite = null;
const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
}

function changed() {
  for (const listener of listeners) listener(account());
}

export function account() {
  return tokens?.user ?? null;
}

export function may(permission) {
  return account()?.permissions?.includes(permission) ?? false;
}

function keep(answer) {
  tokens = {
    access: answer.accessToken, refresh: answer.refreshToken, user: answer.user,
    until: Date.now() + answer.expiresIn * 1000,
  };
}

// A token that was got elsewhere; it cannot be refreshed.
export function useToken(access) {
  tokens = access ? { access, refresh: null, user: null, until: Infinity } : null;
  changed();
}

export function hasToken() {
  return tokens !== null;
}

async function post(path, body, headers = {}) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  if (!response.ok) throw new ProblemError(await problemOf(response));
  return response.status === 204 ? null : response.json();
}

// The challenge that a second factor has to answer, or null when the person is in.
export async function logIn(email, password) {
  const answer = await post("/v1/auth/login", { email, password });
  if (answer.mfaRequired) return answer.challenge;
  keep(answer);
  changed();
  return null;
}

export async function answerChallenge(challenge, proof) {
  keep(await post("/v1/auth/mfa/challenge", { challenge, ...proof }));
  changed();
}

export async function logOut() {
  const refreshToken = tokens?.refresh;
  forget();
  if (refreshToken) await post("/v1/auth/logout", { refreshToken }).catch(() => null);
}

function forget() {
  tokens = null;
  newestWrite = null;
  changed();
}

// One at a time, whoever asks: a refresh token is good once.
function refresh() {
  refreshing ??= (async () => {
    try {
      keep(await post("/v1/auth/refresh", { refreshToken: tokens.refresh }));
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) forget();
      throw error;
    } finally {
      refreshing = null;
    }
  })();
  return refreshing;
}

// The access token, made new where it is about to run out.
export async function accessToken() {
  if (tokens?.refresh && Date.now() > tokens.until - MARGIN) await refresh();
  return tokens?.access ?? null;
}

async function send(path, options) {
  const headers = new Headers(options.headers);
  const token = await accessToken();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  if (newestWrite && (options.method ?? "GET") === "GET") headers.set("Portal-Consistency", newestWrite);
  const response = await fetch(path, { cache: "no-store", ...options, headers });
  newestWrite = response.headers.get("portal-consistency") ?? newestWrite;
  return response;
}

// The answer itself, whatever its status; a token that is refused is replaced once.
export async function ask(path, options = {}) {
  const response = await send(path, options);
  if (response.status !== 401 || !tokens?.refresh) return response;
  await refresh();
  return send(path, options);
}

// The JSON of an answer; throws what the API says is wrong.
export async function read(path, options = {}) {
  const response = await ask(path, options);
  if (!response.ok) throw new ProblemError(await problemOf(response));
  return response.json();
}

// Sends a change with a body; a key keeps it from being done twice.
export async function change(method, path, body) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
  const response = await ask(path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new ProblemError(await problemOf(response));
  return response.status === 204 ? null : response.json();
}
