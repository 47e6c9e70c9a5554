import { accessOperations } from './access-operations';
import { conversationOperations } from './conversation-operations';
import { houseOperations } from './house-operations';
import { type Operation, toOperations } from './operation';

/** Every method of every address under /api. app/api/openapi.json/openapi.test.ts holds it to the routes that exist. */
export const operations: readonly Operation[] = toOperations({
  ...houseOperations,
  ...conversationOperations,
  ...accessOperations,
});
