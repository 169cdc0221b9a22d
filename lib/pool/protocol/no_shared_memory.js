'use strict';

// What stands for shared memory where there is none: everything goes through the lane.

const NONE = Object.freeze([]);

const noMemory = {
  place: () => undefined,
  keepPlaced() {},
  takePlaced: () => NONE,
  takePlacedBack() {},
  leaseOf: () => undefined,
  bytesAt: () => {
    throw new Error('There is no shared memory');
  },
  lease: () => {
    throw new Error('There is no shared memory');
  },
};

module.exports = { noMemory };
