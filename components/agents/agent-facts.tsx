import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { Tag } from '@/components/ui/tag';
import type { Agent } from '@/lib/protocol/agent';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';

/** Model, server, tools and tags. */
export const AgentFacts = ({ agent }: { agent: Agent }) => (
  <Panel title="Details">
    <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-1.5 px-3 py-2.5">
      <Fact name="Model">
        <span className="font-mono text-mono [overflow-wrap:anywhere]">
          <HostileText text={agent.model ?? 'the server’s default'} />
        </span>
      </Fact>
      <Fact name="Server">
        <span className="inline-flex items-center gap-2">
          {agent.server}
          {agent.sandbox && <SandboxLabel />}
        </span>
      </Fact>
      <Fact name="Tools">
        {agent.tools.length === 0 && 'none'}
        <ul className="grid gap-0.5">
          {agent.tools.map((tool) => (
            <li key={tool} className="flex min-w-0 flex-wrap items-center gap-x-2">
              <span className="min-w-0 font-mono text-mono [overflow-wrap:anywhere]">
                <HostileText text={tool} />
              </span>
              {isMessagingTool(tool) && <Tag title="Its calls can be carried by Parley">messages</Tag>}
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name="Tags">
        {agent.tags.length === 0 && 'none'}
        <span className="flex flex-wrap gap-1">
          {agent.tags.map((tag) => (
            <Tag key={tag} title={tag} className="min-w-6 shrink">
              <span className="truncate">
                <HostileText text={tag} wrap={false} />
              </span>
            </Tag>
          ))}
        </span>
      </Fact>
    </dl>
  </Panel>
);

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <>
    <dt className="text-text-3">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);
