import { answerSchemas } from './answer-schemas';
import { giveSchemas } from './load-schemas';

// Imported by a page for what this does: the first answer is read without waiting for another file.
giveSchemas(answerSchemas);
