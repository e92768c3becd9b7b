// SPDX-License-Identifier: Apache-2.0
//
// Somebody with a browser, without the browser: keeps the session's cookie, sends forms.
//
//   const ann = await new Visitor(server).signIn(person);
//   const { status, text, to } = await ann.ask('GET', '/app/acme');
//   await ann.token('/app/acme/partners/new');            // ann.csrf, for the forms
//   await ann.ask('POST', '/app/acme/partners', { csrf: ann.csrf, name: 'Bob' });
import assert from 'node:assert/strict';

export class Visitor {
  constructor(server) {
    this.server = server;
    this.cookie = '';
  }

  // form: an object, or a text that is sent as it is.
  async ask(method, path, form) {
    const response = await fetch(this.server.url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: this.cookie,
        origin: this.server.url,
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: typeof form === 'object' ? new URLSearchParams(form).toString() : form,
      signal: AbortSignal.timeout(60_000),
    });
    const set = response.headers.get('set-cookie');
    if (set?.startsWith('sid=')) this.cookie = set.split(';')[0];
    return {
      status: response.status, text: await response.text(), to: response.headers.get('location') ?? '',
      type: response.headers.get('content-type') ?? '',
    };
  }

  async signIn({ email, password }) {
    const { status } = await this.ask('POST', '/sign-in', { email, password, next: '/' });
    assert.equal(status, 303, email);
    return this;
  }

  // The token that the forms of a page carry.
  async token(path) {
    const { text } = await this.ask('GET', path);
    this.csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1];
    assert.ok(this.csrf, path);
    return this;
  }
}
