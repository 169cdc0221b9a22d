'use strict';

// Whether somebody listens to what is resolved (`tracing.js`).

const { captured } = require('./captured.js');

const { env, getBuiltinModule, mayHaveLoaded, moduleLoadList } = captured;

const { FAST_RESOLVE_LOG } = env;
const NAME = 'fast-resolve:resolve';
/** In place of the channel, where a program has put something else in the place of its module. */
const NOBODY = { hasSubscribers: false };

let channel;
/** How many modules of its own Node had loaded when they were last looked through for that of channels. */
let loaded = -1;

/** The channel; undefined as long as nobody has loaded its module, and so nobody listens: to load it takes a quarter of a millisecond. */
function getChannel() {
  if (channel === undefined && moduleLoadList?.length !== loaded) findChannel();
  return channel;
}

function findChannel() {
  loaded = moduleLoadList?.length ?? -1;
  if (!mayHaveLoaded('diagnostics_channel') && !FAST_RESOLVE_LOG) return;
  try {
    channel = getBuiltinModule('diagnostics_channel').channel(NAME);
  } catch {
    channel = NOBODY;
  }
}

/** Nobody is told any more. */
function leaveChannel() {
  channel = NOBODY;
}

/** Whether somebody wants to be told of each request. */
function isListenedTo() {
  return Boolean(FAST_RESOLVE_LOG) || getChannel()?.hasSubscribers === true;
}

module.exports = { getChannel, isListenedTo, leaveChannel };
