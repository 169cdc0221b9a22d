// Formats a date; date-fns is several hundred small files behind an exports map.
const { addDays, format } = require('date-fns');
const { de } = require('date-fns/locale');

process.stdout.write(`${format(addDays(new Date(2020, 1, 28), 2), 'PPPP', { locale: de })}\n`);
