// SPDX-License-Identifier: Apache-2.0
//
// The language of *.t files (README.md), read: a file becomes a list of steps
// {line, text, words, blocks, status}.

export class ScenarioError extends Error {
  constructor(file, line, what) {
    super(`${file}:${line}: ${what}`);
    this.stack = this.message;
  }
}

// "a \"b c\" # d" becomes ['a', 'b c'].
function split(text) {
  const words = [];
  for (const match of text.matchAll(/"((?:\\.|[^"\\])*)"|(#.*$)|([^\s"]+)/g)) {
    if (match[2] !== undefined) break;
    words.push(match[1] !== undefined ? match[1].replace(/\\(.)/g, '$1') : match[3]);
  }
  return words;
}

// What follows "->" at the end: a status, or for links an address.
function takeArrow(words) {
  const at = words.lastIndexOf('->');
  if (at < 0) return {};
  const [to, ...rest] = words.slice(at + 1);
  if (!to || rest.length) throw new Error('after "->" one word is expected');
  words.length = at;
  return /^\d{3}$/.test(to) ? { status: Number(to) } : { to };
}

export function parse(file, source) {
  const steps = [];
  source.split('\n').forEach((raw, i) => {
    const line = i + 1;
    try {
      if (/^\s*(#.*)?$/.test(raw)) return;
      if (/^\s/.test(raw)) {
        const [, key, json] = /^\s+(\w+):\s*(.+)$/.exec(raw) ?? [];
        if (!key || !steps.length) throw new Error('an indented line is "key: JSON" and belongs to the line above');
        steps.at(-1).block[key] = JSON.parse(json);
        return;
      }
      const words = split(raw);
      const arrow = takeArrow(words);
      steps.push({ line, text: raw.trim(), words, block: {}, ...arrow });
    } catch (error) {
      throw new ScenarioError(file, line, error.message);
    }
  });
  return steps;
}

// Takes words off the front of a step, by place and by name: `sale 77 200.00 customer eve`.
export class Words {
  constructor(words) {
    this.words = [...words];
  }

  get left() {
    return this.words.length;
  }

  // The next word; `what` says in a failure what it should have been.
  next(what) {
    if (!this.words.length) throw new Error(`${what} is missing`);
    return this.words.shift();
  }

  // The next word if it looks like this, or undefined.
  maybe(pattern) {
    return this.words.length && pattern.test(this.words[0]) ? this.words.shift() : undefined;
  }

  // All that is left, as {name: value}; only these names may be there.
  named(...names) {
    const out = {};
    while (this.words.length) {
      const name = this.words.shift();
      if (!names.includes(name)) throw new Error(`"${name}" is not known here; known: ${names.join(', ')}`);
      if (name in out) throw new Error(`"${name}" is said twice`);
      out[name] = this.next(`the value of "${name}"`);
    }
    return out;
  }

  end() {
    if (this.words.length) throw new Error(`"${this.words.join(' ')}" is too much`);
  }
}

const EXPONENTS = { BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLP: 0, ISK: 0, JPY: 0, KRW: 0, VND: 0 };

// "12.50" in USD is 1250, exactly.
export function minor(text, currency) {
  const digits = EXPONENTS[currency] ?? 2;
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts || (parts[3] ?? '').length > digits) throw new Error(`"${text}" is not an amount of ${currency}`);
  return Number(`${parts[1]}${parts[2]}${(parts[3] ?? '').padEnd(digits, '0')}`);
}

export function major(amount, currency) {
  const digits = EXPONENTS[currency] ?? 2;
  if (!digits) return String(amount);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  return `${amount < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

// "25%" or "50.00": a reward of the terms.
export function reward(text, currency) {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text);
  if (percent) return { type: 'percentage', value: percent[1] };
  return { type: 'fixed', amount: minor(text, currency) };
}
