// SPDX-License-Identifier: Apache-2.0
//
// BLAKE2b with 32 bytes of output and no key, as RFC 7693 describes it. 64-bit words are pairs of
// 32-bit ones, the low half first.

const IV = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);

const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];

const MIX = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15],
  [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

const v = new Uint32Array(32);
const m = new Uint32Array(32);

function add(a, lo, hi) {
  const sum = v[2 * a] + lo;
  v[2 * a] = sum;
  v[2 * a + 1] += hi + (sum > 0xffffffff ? 1 : 0);
}

// v[d] = (v[d] xor v[a]) rotated right by n
function turn(d, a, n) {
  const lo = v[2 * d] ^ v[2 * a], hi = v[2 * d + 1] ^ v[2 * a + 1];
  if (n === 32) [v[2 * d], v[2 * d + 1]] = [hi, lo];
  else if (n === 63) [v[2 * d], v[2 * d + 1]] = [(lo << 1) | (hi >>> 31), (hi << 1) | (lo >>> 31)];
  else [v[2 * d], v[2 * d + 1]] = [(lo >>> n) | (hi << (32 - n)), (hi >>> n) | (lo << (32 - n))];
}

function mix([a, b, c, d], x, y) {
  add(a, v[2 * b], v[2 * b + 1]);
  add(a, m[2 * x], m[2 * x + 1]);
  turn(d, a, 32);
  add(c, v[2 * d], v[2 * d + 1]);
  turn(b, c, 24);
  add(a, v[2 * b], v[2 * b + 1]);
  add(a, m[2 * y], m[2 * y + 1]);
  turn(d, a, 16);
  add(c, v[2 * d], v[2 * d + 1]);
  turn(b, c, 63);
}

function compress(h, block, at, done, last) {
  for (let i = 0; i < 32; i++) m[i] = block.readUInt32LE(at + 4 * i);
  v.set(h);
  v.set(IV, 16);
  v[24] ^= done >>> 0;
  v[25] ^= Math.floor(done / 2 ** 32);
  if (last) [v[28], v[29]] = [~v[28], ~v[29]];
  for (let round = 0; round < 12; round++) {
    const s = SIGMA[round % 10];
    for (let i = 0; i < 8; i++) mix(MIX[i], s[2 * i], s[2 * i + 1]);
  }
  for (let i = 0; i < 16; i++) h[i] ^= v[i] ^ v[i + 16];
}

// The hash of a Buffer or of a text in UTF-8, in lower-case hex.
export function blake2b(what) {
  const bytes = Buffer.from(what);
  const h = new Uint32Array(IV);
  h[0] ^= 0x01010020;
  let at = 0;
  for (; bytes.length - at > 128; at += 128) compress(h, bytes, at, at + 128, false);
  const rest = Buffer.alloc(128);
  bytes.copy(rest, 0, at);
  compress(h, rest, 0, bytes.length, true);
  return Buffer.from(h.buffer, 0, 32).toString('hex');
}
