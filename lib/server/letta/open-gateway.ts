import type { Gateway } from './gateway';
import { createRestGateway, type RestGatewayOptions } from './rest';

/** The adapter for a server, by its dialect. The only way to one from outside this room. */
export const openGateway = (options: RestGatewayOptions): Gateway => createRestGateway(options);
