'use strict';

// How a command went, as an engine tells it.

/** What ended a command, by the numbers that the core gives them. */
const ENDING = {
  /** It ended by itself, or by somebody else's doing. */
  OWN: 0,
  TIMEOUT: 1,
  CANCELED: 2,
  STDOUT_FULL: 3,
  STDERR_FULL: 4,
};

class Outcome {
  /** 0, or the negative number of the error that kept the command from starting. */
  errno = 0;
  pid = 0;
  /** -1 if it did not exit. */
  exitCode = -1;
  /** The number of the signal that ended it, or 0. */
  signal = 0;
  /** Text, bytes, or undefined where nothing was gathered. */
  stdout = undefined;
  stderr = undefined;
  /** Whether the bytes are known to be ASCII only, which is the same text in another encoding that is quicker. */
  isStdoutAscii = false;
  isStderrAscii = false;
  ending = ENDING.OWN;
  durationMs = 0;
  /** Microseconds, microseconds and bytes; null where the system was not asked. */
  resourceUsage = null;
  mechanism = '';

  /** Makes text of bytes. */
  decode(encoding) {
    this.stdout = decode(this.stdout, encoding, this.isStdoutAscii);
    this.stderr = decode(this.stderr, encoding, this.isStderrAscii);
  }
}

function decode(output, encoding, isAscii) {
  if (typeof output !== 'object' || encoding === 'buffer') return output;
  return output.toString(isAscii && encoding === 'utf8' ? 'latin1' : encoding);
}

module.exports = { ENDING, Outcome };
