import type { WorkspaceId } from '@/lib/protocol/ids';
import { JsonValue } from '@/lib/protocol/json';
import type { PrismaClient } from '../database/prisma';

/** A setting of the workspace as it was last set; undefined where it never was. */
export async function readSetting(
  prisma: PrismaClient,
  workspaceId: WorkspaceId,
  name: string,
): Promise<JsonValue | undefined> {
  const setting = await prisma.setting.findUnique({ where: { workspaceId_name: { workspaceId, name } } });
  return setting ? JsonValue.parse(setting.value) : undefined;
}
