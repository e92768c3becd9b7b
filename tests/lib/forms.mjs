// SPDX-License-Identifier: Apache-2.0
//
// The forms of a page that the server has drawn, read from its HTML: no browser needed.
//
//   const [form] = formsOf(html);      // {action, fields: [{name, kind, value, …}]}
//   const field = form.fields.find((f) => f.name === 'email');
//   field.invalid; field.message;      // what stands at a field that was refused
const TAG = /<(\/?)([a-z0-9]+)((?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/g;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

export const decode = (text) => text.replace(/&(amp|lt|gt|quot|#39|#x27|#\d+);/g,
  (whole, name) => ENTITIES[name] ?? String.fromCodePoint(Number(name.slice(1))));

const attributes = (text) => Object.fromEntries([...text.matchAll(/([^\s=]+)(?:="([^"]*)")?/g)]
  .map(([, name, value]) => [name, value === undefined ? true : decode(value)]));

// What stands in the element with an id, without its tags; undefined if there is none.
export function textOf(html, id) {
  const from = html.indexOf(` id="${id}"`);
  if (from < 0) return undefined;
  const tag = /<([a-z0-9]+)[^<]*$/.exec(html.slice(0, from))[1];
  const start = html.indexOf('>', from) + 1;
  const rest = html.slice(start, html.indexOf(`</${tag}>`, start));
  return decode(rest.replace(/<[^>]*>/g, ' ')).trim();
}

// One field of each name; a checkbox stands for the hidden "0" before it as well.
function add(form, html, field, attrs) {
  const described = typeof attrs['aria-describedby'] === 'string' ? attrs['aria-describedby'].split(' ') : [];
  const wrong = described.find((id) => id.endsWith('-wrong'));
  Object.assign(field, {
    id: attrs.id, name: attrs.name, required: attrs.required === true, invalid: attrs['aria-invalid'] === 'true',
    described, message: wrong && textOf(html, wrong),
  });
  const before = form.fields.findIndex((f) => f.name === field.name && f.kind === 'hidden');
  if (before >= 0) form.fields.splice(before, 1);
  form.fields.push(field);
  return field;
}

// What changes something: forms that are sent with POST.
export function formsOf(html) {
  const forms = [];
  let form = null, select = null, open = [];
  for (const found of html.matchAll(TAG)) {
    const [, end, tag, text] = found;
    const attrs = attributes(text);
    if (tag === 'details') open = end ? open.slice(0, -1) : [...open, attrs.open === true];
    if (tag === 'form' && !end) form = { method: attrs.method, action: attrs.action, id: attrs.id, fields: [], shown: !open.includes(false) };
    if (tag === 'form' && end && form) {
      if (form.method === 'post') forms.push(form);
      form = null;
    }
    if (!form || end) {
      if (tag === 'select') select = null;
      continue;
    }
    if (tag === 'input' && attrs.name && attrs.type !== 'radio')
      add(form, html, { kind: attrs.type === 'checkbox' ? 'check' : attrs.type === 'hidden' ? 'hidden' : 'text',
        type: attrs.type ?? 'text', value: attrs.type === 'checkbox' ? (attrs.checked ? attrs.value : '0') : attrs.value ?? '' }, attrs);
    if (tag === 'textarea') {
      const from = found.index + found[0].length;
      const raw = html.slice(from, html.indexOf('</textarea>', from));
      add(form, html, { kind: 'text', type: 'area', value: decode(raw.replace(/^\r?\n/, '')) }, attrs);
    }
    if (tag === 'select') select = add(form, html, { kind: 'select', value: undefined, options: [] }, attrs);
    if (tag === 'option' && select) {
      select.options.push(attrs.value);
      if (attrs.selected || select.value === undefined) select.value = attrs.value;
    }
  }
  return forms;
}
