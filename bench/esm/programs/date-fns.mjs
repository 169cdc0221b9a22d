// Formats a date; date-fns is several hundred small files behind an exports map of a thousand lines.
import { addDays, format } from 'date-fns';
import { de } from 'date-fns/locale';

console.log(format(addDays(new Date(2020, 1, 28), 2), 'PPPP', { locale: de }));
