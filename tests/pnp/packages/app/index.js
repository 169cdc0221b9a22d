module.exports = 'app';
