// A task that is nothing but its round trip.
'use strict';

module.exports = ({ number, text }) => ({ next: number + 1, text });
