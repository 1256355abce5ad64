// Turns what a person has filled in into a request, and a request into a command of curl.

// values: { "query:limit": "20", … }; lists hold their values separated by commas.
export function requestOf(operation, values, { body, bodyType, accept } = {}) {
  let path = operation.path;
  const query = [];
  const headers = {};
  for (const parameter of operation.parameters) {
    const value = values[`${parameter.in}:${parameter.name}`] ?? "";
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, value === "" ? `{${parameter.name}}` : encodeURIComponent(value));
    else if (value === "") continue;
    else if (parameter.in === "header") headers[parameter.name] = value;
    else for (const each of parts(parameter, value)) query.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(each).replaceAll("%2C", ",")}`);
  }
  if (accept) headers.Accept = accept;
  if (body) headers["Content-Type"] = bodyType;
  return { method: operation.method.toUpperCase(), path: query.length > 0 ? `${path}?${query.join("&")}` : path, headers, body: body || undefined };
}

export function isList(parameter) {
  return [parameter.schema?.type ?? []].flat().includes("array");
}

function parts(parameter, value) {
  return isList(parameter) ? value.split(",").map((part) => part.trim()).filter(Boolean) : [value];
}

// Names of required parameters that have no value.
export function missing(operation, values) {
  return operation.parameters
    .filter((parameter) => (parameter.required || parameter.in === "path") && !values[`${parameter.in}:${parameter.name}`])
    .map((parameter) => parameter.name);
}

// For a POSIX shell. The token stays out of it: $TOKEN stands for it.
export function curlOf(request, origin, signedIn) {
  const lines = [`curl ${request.method === "GET" ? "" : `-X ${request.method} `}${quoted(origin + request.path)}`];
  if (signedIn) lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(request.headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body) lines.push(`-d ${quoted(request.body)}`);
  return lines.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
