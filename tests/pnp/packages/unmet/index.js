module.exports = 'unmet';
