// SPDX-License-Identifier: Apache-2.0
//
// As much of JSON Schema 2020-12 as the API's description uses: says what is wrong
// with a value, and makes values that are wrong on purpose.

export class Description {
  constructor(document) {
    this.document = document;
  }

  // Follow references to the schema itself.
  resolve(schema) {
    while (schema.$ref) {
      const name = schema.$ref.replace('#/components/schemas/', '');
      schema = this.document.components.schemas[name];
      if (!schema) throw new Error(`there is no schema ${name}`);
    }
    return schema;
  }

  // All calls: {method, path, call, body, answer, status}.
  calls() {
    const found = [];
    for (const [path, methods] of Object.entries(this.document.paths)) {
      for (const [method, call] of Object.entries(methods)) {
        const status = Object.keys(call.responses).filter((s) => /^2/.test(s)).at(-1); // 201 rather than 200
        found.push({
          method: method.toUpperCase(),
          path,
          call,
          status: Number(status),
          body: call.requestBody?.content['application/json'].schema,
          answer: call.responses[status].content?.['application/json'].schema,
        });
      }
    }
    return found;
  }

  // A list of complaints, each with its place; empty if the value fits.
  check(schema, value, at = '') {
    schema = this.resolve(schema);
    const wrong = [];
    for (const part of schema.allOf ?? []) wrong.push(...this.check(part, value, at));
    if (schema.anyOf) {
      const all = schema.anyOf.map((part) => this.check(part, value, at));
      if (all.every((faults) => faults.length > 0)) wrong.push(...all.flat());
    }
    if ('const' in schema && value !== schema.const) wrong.push(`${at} is not ${schema.const}`);
    if (schema.enum && !schema.enum.includes(value)) wrong.push(`${at}: ${value} is not one of ${schema.enum}`);
    if (schema.type && ![schema.type].flat().includes(typeOf(value))) {
      wrong.push(`${at}: ${JSON.stringify(value)} is not ${schema.type}`);
      return wrong;
    }
    if (typeof value === 'string') wrong.push(...checkText(schema, value, at));
    if (Array.isArray(value) && schema.items) {
      value.forEach((item, i) => wrong.push(...this.check(schema.items, item, `${at}/${i}`)));
    }
    if (typeOf(value) === 'object') wrong.push(...this.checkObject(schema, value, at));
    return wrong;
  }

  checkObject(schema, value, at) {
    const wrong = [];
    for (const key of schema.required ?? []) if (!(key in value)) wrong.push(`${at}/${key} is missing`);
    for (const [key, member] of Object.entries(value)) {
      if (schema.properties?.[key]) wrong.push(...this.check(schema.properties[key], member, `${at}/${key}`));
      else if (schema.additionalProperties === false) wrong.push(`${at}/${key} is not described`);
    }
    return wrong;
  }
}

function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function checkText(schema, value, at) {
  const wrong = [];
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) wrong.push(`${at}: ${value} is not ${schema.pattern}`);
  if (schema.format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) {
    wrong.push(`${at}: ${value} is not a time`);
  }
  return wrong;
}

// Values that a property must not take: [what, value].
export function badValues(schema) {
  const types = [schema.type ?? []].flat();
  const bad = [];
  const wrongType = { string: 12345, integer: 'twelve', boolean: 'yes', object: 'text', array: 'text' };
  for (const type of types) if (type in wrongType) bad.push(['wrong type', wrongType[type]]);
  if (types.length > 0) bad.push(['a list', types.includes('array') ? {} : []]);
  if (!types.includes('object') && types.length > 0) bad.push(['an object', {}]);
  if (types.includes('string')) bad.push(...badTexts(schema));
  if (types.includes('integer')) bad.push(...badNumbers(schema));
  if (types.includes('boolean')) bad.push(['a number', 1]);
  if (types.length > 0 && !types.includes('null')) bad.push(['null', null]);
  return bad;
}

function badTexts(schema) {
  const bad = [];
  if (schema.enum) bad.push(['unknown choice', 'no-such-choice'], ['other letter case', schema.enum[0].toUpperCase()]);
  if (schema.pattern) bad.push(['another kind', 'xyz_0000000000001'], ['not an id', '1']);
  if (schema.format === 'date-time') bad.push(['no time', 'yesterday'], ['a day that is none', '2026-02-30T00:00:00Z']);
  if (schema.format === 'email') bad.push(['no address', 'nobody'], ['two addresses', 'a@b.co,c@d.co']);
  if (schema.format === 'uri') bad.push(['a script', 'javascript:alert(1)'], ['no address', '/path']);
  if (schema.maxLength) bad.push(['too long', 'x'.repeat(schema.maxLength + 1)]);
  if (schema.minLength) bad.push(['empty', '']);
  bad.push(['a control character', 'a\u0000b'], ['a bell', 'a\u0007b']);
  return bad;
}

function badNumbers(schema) {
  const bad = [['a fraction', 1.5], ['text', '5']];
  if (schema.minimum !== undefined) bad.push(['too small', schema.minimum - 1]);
  if (schema.maximum < Number.MAX_SAFE_INTEGER) bad.push(['too large', schema.maximum + 1]);
  return bad;
}
