// SPDX-License-Identifier: Apache-2.0
//
// Debian's Chromium, driven by Playwright, with axe at hand.
//
//   const browser = await openBrowser();
//   const page = await browser.page({ dark: true, narrow: true });   // a fresh visitor
//   await browser.signIn(page, server, person);
//   assert.deepEqual(await violations(page), []);
//
// A page collects what it complains about (scripts' errors, broken policies) in page.complaints.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };
export const NARROWEST = { width: 320, height: 640 };

class Browser {
  constructor(chrome) {
    this.chrome = chrome;
  }

  async page({ dark = false, size = WIDE, scripts = true, cookies } = {}) {
    const context = await this.chrome.newContext({
      viewport: size,
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      javaScriptEnabled: scripts,
      storageState: cookies,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.complaints = [];
    page.on('pageerror', (error) => page.complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // Chromium says this of every answer of 400 and more; tests look at the status themselves.
      if (message.type() === 'error' && !/Failed to load resource: the server responded/.test(message.text()))
        page.complaints.push(`${page.url()}: ${message.text()}`);
    });
    return page;
  }

  async signIn(page, server, person) {
    await page.goto(`${server.url}/sign-in`);
    await page.fill('#email', person.email);
    await page.fill('#password', person.password);
    await page.click('button[type=submit]');
    assert.ok(!page.url().includes('/sign-in'), `${person.email} could not sign in`);
    return page;
  }

  close() {
    return this.chrome.close();
  }
}

export async function openBrowser() {
  return new Browser(await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags }));
}

// What axe finds, one line each; only some rules, or all. Runs outside of the page's policy.
export async function violations(page, { only } = {}) {
  if (!await page.evaluate(() => Boolean(globalThis.axe))) await page.evaluate(axe);
  const options = { resultTypes: ['violations'] };
  if (only) options.runOnly = { type: 'rule', values: only };
  else options.runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await page.evaluate((o) => globalThis.axe.run(document, o), options);
  return found.violations.flatMap((v) => v.nodes.slice(0, 3).map((node) =>
    `${v.id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`));
}

// The same for a page wide and narrow, light and dark; where that makes no difference, once.
const colours = ['color-contrast', 'link-in-text-block'];
const shapes = ['target-size', 'scrollable-region-focusable', 'button-name', 'link-name', 'label', 'region',
  'aria-hidden-focus', 'page-has-heading-one', 'landmark-one-main'];

export async function violationsAnyhow(page) {
  const found = [];
  for (const [size, scheme, rules] of [[WIDE, 'light', {}], [WIDE, 'dark', { only: colours }],
    [NARROW, 'dark', { only: shapes }]]) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const here = `${scheme}, ${size.width} wide`;
    if (await overflows(page)) found.push(`${here}: has to be scrolled sideways`);
    for (const text of await violations(page, rules)) found.push(`${here}: ${text}`);
  }
  return found;
}

// Does the page need to be scrolled sideways?
export const overflows = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
