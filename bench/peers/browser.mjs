// SPDX-License-Identifier: Apache-2.0
// Headless Chromium on software GL, to which no host but loopback can be reached.

import {chromium} from 'playwright-core';

const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
  '--force-color-profile=srgb', '--autoplay-policy=no-user-gesture-required', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

// Calls body(tab) with a tab at the address. Resolves to {version, refused}: Chromium's version, and the addresses
// that something in the page asked for and did not get.
export async function withBrowser(address, verbose, body) {
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: flags,
  });
  const refused = [];
  try {
    const tab = await browser.newPage();
    await tab.route((url) => url.hostname !== '127.0.0.1' && /^(http|ws)/.test(url.protocol), (route) => {
      refused.push(route.request().url());
      return route.abort();
    });
    tab.on('pageerror', (error) => console.error(`page: ${error.message}`));
    if (verbose) tab.on('console', (message) => console.error(`page: ${message.text()}`));
    await tab.goto(address);
    await body(tab);
    return {version: browser.version(), refused};
  } finally {
    await browser.close();
  }
}
