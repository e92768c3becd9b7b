// SPDX-License-Identifier: Apache-2.0
//
// A client of the JSON API that is strict about what comes back.
//
//   const { body } = await api.post('/partners', { name: 'Bob', … }, 201);
//
// The last argument is the status that must come; without it any will do.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export class Api {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  // {status, headers, text, body}; body is parsed JSON, or undefined where there is none.
  async request(method, path, { body, headers = {}, status } = {}) {
    const full = /^https?:/.test(path) ? path : this.url + (path.startsWith('/api/') ? path : `/api/v1${path}`);
    const raw = typeof body === 'string' || body === undefined;
    const response = await fetch(full, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      body: raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      body: /json\b/.test(type) && text ? JSON.parse(text) : undefined,
    };
    if (status !== undefined) {
      assert.equal(answer.status, status, `${method} ${path} ${raw ? body ?? '' : JSON.stringify(body)}\n${text}`);
    }
    return answer;
  }

  get(path, status) {
    return this.request('GET', path, { status });
  }

  post(path, body, status, headers) {
    return this.request('POST', path, { body: body ?? {}, status, headers });
  }

  put(path, body, status) {
    return this.request('PUT', path, { body, status });
  }

  patch(path, body, status) {
    return this.request('PATCH', path, { body, status });
  }

  delete(path, status) {
    return this.request('DELETE', path, { status });
  }

  // All items of a list, page by page.
  async all(path, limit = 100) {
    const items = [];
    for (let after = ''; ;) {
      const mark = path.includes('?') ? '&' : '?';
      const { body } = await this.get(`${path}${mark}limit=${limit}${after}`, 200);
      items.push(...body.data);
      if (!body.has_more || body.data.length === 0) return items;
      after = `&starting_after=${body.data.at(-1).id}`;
    }
  }
}
