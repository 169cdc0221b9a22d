'use strict';

// The requests that every resolver reads alike.

/** A name that is no dots alone and has no character with a meaning of its own (`?`, `#`, `%`, `\` …) to any resolver. */
const SEGMENT = String.raw`(?!\.{1,2}(?:/|$))[\w@$+~=,()[\] .-]+`;
const PLAIN_REQUEST = new RegExp(String.raw`^(?:/|(?:\.{1,2}/)+|(?!\.))${SEGMENT}(?:/${SEGMENT})*$`);
const PLAIN_TARGET = new RegExp(`^(?:\\./)?${SEGMENT}(?:/${SEGMENT})*$`);
/** The longest path that Linux takes; an expression with a star would stumble over a much longer text. */
const MAXIMUM_LENGTH = 4096;
const PACKAGE_NAME = /^(?:@[^/@]+\/)?[^/@]+(?=\/|$)/;

/** Not among them: `.` and `..` at the end and trailing slashes, after which some resolvers add extensions all the same. */
function isPlainRequest(request) {
  return typeof request === 'string' && request.length < MAXIMUM_LENGTH && PLAIN_REQUEST.test(request);
}

/** A path below a package, as `main` and `exports` name it. */
function isPlainTarget(target) {
  return typeof target === 'string' && target.length < MAXIMUM_LENGTH && PLAIN_TARGET.test(target);
}

/** Whether a plain request is a path, and not the name of a package. */
function isPath(request) {
  return request.startsWith('.') || request.startsWith('/');
}

/** The name of the package that a plain request begins with. */
function packageNameOf(request) {
  return PACKAGE_NAME.exec(request)?.[0];
}

module.exports = { isPath, isPlainRequest, isPlainTarget, packageNameOf };
