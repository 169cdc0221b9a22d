'use strict';

// A Map whose methods no program can replace: the hook runs in the middle of programs that patch what they like.

class SafeMap extends Map {}

const { prototype } = SafeMap;
prototype.get = Map.prototype.get;
prototype.set = Map.prototype.set;
prototype.delete = Map.prototype.delete;
Object.defineProperty(prototype, 'size', Object.getOwnPropertyDescriptor(Map.prototype, 'size'));
Object.setPrototypeOf(prototype, null);

module.exports = { SafeMap };
