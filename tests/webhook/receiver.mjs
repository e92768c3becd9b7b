// SPDX-License-Identifier: Apache-2.0
//
// A receiver of webhooks: keeps what came, and answers as it is told.
import { createServer } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

export class Receiver {
  constructor() {
    this.got = []; // {id, at, headers, text, body}
    this.answer = () => ({ status: 204 }); // (request, count) → {status, headers, text, afterMs, hang}
  }

  // tls: {key, cert} for https.
  async open(tls) {
    const take = async (request, response) => {
      let text = '';
      for await (const part of request.setEncoding('utf8')) text += part;
      const got = { id: request.headers['webhook-id'], at: Date.now(), headers: request.headers, text,
        path: request.url, body: JSON.parse(text) };
      this.got.push(got);
      const { status, headers = {}, text: said = '', afterMs = 0, hang } = this.answer(got, this.got.length);
      if (hang) return;
      await sleep(afterMs);
      response.writeHead(status, headers).end(said);
    };
    this.server = tls ? createSecure(tls, take) : createServer(take);
    await new Promise((resolve) => { this.server.listen(0, '127.0.0.1', resolve); });
    this.url = `${tls ? 'https' : 'http'}://127.0.0.1:${this.server.address().port}/hooks`;
    return this;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  types() {
    return this.got.map(({ body }) => body.type);
  }

  // What arrived, checked by the standard's own library; throws where the signature is wrong.
  verified(secret, got) {
    return new Webhook(secret).verify(got.text, got.headers);
  }
}

// Until it is true, and at most that long.
export async function until(what, limitMs = 20_000) {
  const end = Date.now() + limitMs;
  for (;;) {
    const is = await what();
    if (is) return is;
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await sleep(50);
  }
}
