module.exports = 'ignored';
