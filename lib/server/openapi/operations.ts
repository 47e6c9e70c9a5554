import { accessOperations } from './access-operations';
import { conversationOperations } from './conversation-operations';
import { draftOperations } from './draft-operations';
import { houseOperations } from './house-operations';
import { type Operation, toOperations } from './operation';
import { taskOperations } from './task-operations';

/** Every method of every address under /api, and the seed's /messages. app/api/openapi.json/openapi.test.ts holds it to the routes that exist. */
export const operations: readonly Operation[] = toOperations({
  ...houseOperations,
  ...conversationOperations,
  ...draftOperations,
  ...accessOperations,
  ...taskOperations,
});
