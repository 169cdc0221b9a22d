'use strict';

// A Map whose methods no program can replace: the hook runs in the middle of programs that patch what they like.

class SafeMap extends Map {}

for (const name of Object.getOwnPropertyNames(Map.prototype)) {
  if (name !== 'constructor') {
    Object.defineProperty(SafeMap.prototype, name, Object.getOwnPropertyDescriptor(Map.prototype, name));
  }
}
Object.setPrototypeOf(SafeMap.prototype, null);

module.exports = { SafeMap };
