module.exports = 'library';
