import { route } from '@/lib/server/http/route';
import { agentEndpoints } from '@/lib/server/tasks/agent-endpoints';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(agentEndpoints['/api/tasks/[taskId]/reports']);
