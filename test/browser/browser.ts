/** A real browser without a window, which may reach nothing but the file that it is shown. */
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

const QUIET = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts it; CHROMIUM is set by scripts/browser.sh. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: QUIET });
}

export interface Shown {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  /** Addresses asked for, the file itself apart. */
  readonly requests: readonly string[];
}

export interface ShowOptions {
  readonly width?: number;
  readonly dark?: boolean;
  readonly scripts?: boolean;
  readonly fragment?: string;
}

/** Opens a file of the disk. */
export async function show(browser: Browser, path: string, { width = 1440, dark = false, scripts = true, fragment = '' }: ShowOptions = {}): Promise<Shown> {
  const context = await browser.newContext({ viewport: { width, height: width < 500 ? 844 : 900 }, colorScheme: dark ? 'dark' : 'light', javaScriptEnabled: scripts, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const address = `file://${path}`;
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(address + fragment);
  return { page, errors, requests };
}
