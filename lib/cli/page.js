'use strict';

// The page of `fast-resolve doctor --html`: one file that asks the network for nothing. scripts/bundle.mjs hands in its script and style.

/** Whatever is in the page, this keeps the network away from it. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/** @param {object} result As `--json` prints it. */
function makePage(result) {
  // Nothing in here ends the element.
  const data = JSON.stringify(result).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>fast-resolve doctor</title>
<style>${PAGE_STYLE}</style>
<main></main>
<script type="application/json" id="data">${data}</script>
<script>${PAGE_SCRIPT}</script>
</html>
`;
}

module.exports = { makePage };
