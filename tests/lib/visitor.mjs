// SPDX-License-Identifier: Apache-2.0
//
// Somebody with a session but without a browser: asks for pages, sends forms.
import assert from 'node:assert/strict';

export class Visitor {
  constructor(server) {
    this.server = server;
    this.cookie = '';
  }

  async ask(method, path, form) {
    const response = await fetch(this.server.url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: this.cookie,
        origin: this.server.url,
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      body: form ? new URLSearchParams(form).toString() : undefined,
    });
    const set = response.headers.get('set-cookie');
    if (set?.startsWith('sid=')) this.cookie = set.split(';')[0];
    return { status: response.status, text: await response.text(), to: response.headers.get('location') ?? '' };
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
