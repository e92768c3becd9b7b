// SPDX-License-Identifier: Apache-2.0
//
// Webhooks over TLS: only to whoever proves who it is, and never to an address that is not public,
// whatever its name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { Receiver, until } from './receiver.mjs';

describe('webhooks over TLS', () => {
  const dir = mkdtempSync(join(tmpdir(), 'partnerd-tls-'));
  const cert = join(dir, 'cert.pem');
  let to;
  const databases = [];

  before(async () => {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=receiver', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', join(dir, 'key.pem'), '-out', cert],
    { stdio: 'ignore' });
    to = await new Receiver().open({ key: readFileSync(join(dir, 'key.pem')), cert: readFileSync(cert) });
  });

  after(async () => {
    for (const database of databases) await database.close();
    await to.close();
    rmSync(dir, { recursive: true });
  });

  // One test message sent by a server with these settings; the delivery after its first attempt.
  async function attempt(url, ...args) {
    const database = await new Database('sqlite').open();
    databases.push(database);
    const server = await database.serve({ args });
    const { api } = await server.org('acme');
    const e = (await api.post('/webhook-endpoints', { url }, 201)).body;
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 202);
    const one = async () => (await api.get('/webhook-deliveries', 200)).body.data[0];
    await until(async () => (await one()).attempts === 1);
    return { delivery: await one(), secret: e.secret };
  }

  test('a certificate that nobody vouches for is refused', async () => {
    const { delivery } = await attempt(to.url, '--webhook-private');
    assert.equal(delivery.status, 'waiting');
    assert.match(delivery.error, /certificate/i);
    assert.equal(to.got.length, 0);
  });

  test('the certificates of a file are trusted', async () => {
    const { delivery, secret } = await attempt(to.url, '--webhook-private', '--webhook-ca', cert);
    assert.equal(delivery.status, 'delivered');
    assert.equal(to.got.length, 1);
    to.verified(secret, to.got[0]);
  });

  test('a name that leads to an address which is not public is not connected to', async () => {
    const url = new URL(to.url);
    url.hostname = hostname();
    const { delivery } = await attempt(url.href, '--webhook-ca', cert);
    assert.equal(delivery.status, 'waiting');
    assert.match(delivery.error, /address is not public|resolve/);
    assert.equal(to.got.length, 1);
  });

  test('metrics count what was taken and what was not', async () => {
    const { url } = databases[1].servers[0];
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.match(text, /^partnerd_webhooks_delivered_total 1$/m);
    assert.match(text, /^partnerd_webhooks_failed_total 0$/m);
    assert.match(text, /^partnerd_webhooks_under_way 0$/m);
  });
});
