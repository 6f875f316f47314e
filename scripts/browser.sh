#!/usr/bin/env bash
# The tests of the HTML report in a real browser. CHROMIUM names another one than Debian's; without a browser they are
# skipped (77). With SCREENSHOTS=FOLDER they leave pictures there, in light and dark, wide and narrow, and on paper.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$CHROMIUM" ]; then
  echo "skipped: there is no browser at $CHROMIUM (Debian: apt-get install chromium)"
  exit 77
fi
exec npx vitest run --config vitest.browser.config.ts "$@"
