// The OpenAPI document, ready to be looked things up in.

const METHODS = ["get", "post", "put", "patch", "delete"];

export class ApiDocument {
  constructor(json) {
    this.json = json;
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => this.operation(path, method, item[method])));
    this.groups = new Map();
    for (const operation of this.operations) {
      if (!this.groups.has(operation.tag)) this.groups.set(operation.tag, []);
      this.groups.get(operation.tag).push(operation);
    }
    this.groups = new Map([...this.groups].sort(([one], [other]) => one.localeCompare(other)));
  }

  operation(path, method, source) {
    const tag = source.tags?.[0] ?? "other";
    return {
      id: source.operationId, path, method, tag, source,
      summary: source.summary ?? "", description: source.description ?? "", access: access(source.security),
      parameters: (source.parameters ?? []).map((parameter) => this.resolve(parameter)),
      body: source.requestBody ? this.resolve(source.requestBody) : null,
      answers: Object.entries(source.responses).map(([status, answer]) => ({ status, ...this.resolve(answer) })),
      haystack: [source.operationId.replaceAll("_", " "), path, method, tag, source.summary, source.description].join(" ").toLowerCase(),
    };
  }

  // What a reference leads to; what stands beside the reference goes before what stands there.
  resolve(value) {
    let found = value;
    for (let step = 0; found?.$ref && step < 10; step += 1) {
      const { $ref, ...beside } = found;
      const target = $ref.split("/").slice(1)
        .reduce((node, key) => node?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], this.json);
      found = { ...target, ...beside };
    }
    return found ?? {};
  }

  find(id) {
    return this.operations.find((operation) => operation.id === id);
  }

  // Operations that have every word somewhere.
  search(text) {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    return this.operations.filter((operation) => wanted.every((word) => operation.haystack.includes(word)));
  }
}

export function access(security) {
  if (!security || security.length === 0) return { kind: "good", text: "Open to everyone" };
  const open = security.some((way) => Object.keys(way).length === 0);
  return open
    ? { kind: "info", text: "Open to everyone, shows more to those who sign in" }
    : { kind: "warn", text: "Sign-in required" };
}
