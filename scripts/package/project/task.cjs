module.exports = (value) => value + 1;
