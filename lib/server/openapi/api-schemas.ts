import { z } from 'zod';
import { Actor } from '@/lib/protocol/actor';
import { Agent, AgentActivity, AgentGate, Block, ChangeAgent, CreateAgent, Model } from '@/lib/protocol/agent';
import { ApiKey, CreateApiKey, CreatedApiKey } from '@/lib/protocol/api-key';
import { ConsistencyProof, ExportQuery, InclusionProof, LedgerQuery, ProofQuery } from '@/lib/protocol/audit';
import {
  ChangeConversation,
  Conversation,
  Edge,
  Interrupt,
  Interrupted,
  OpenConversation,
  Seat,
  SetEdge,
  SettleConveyance,
  Speak,
} from '@/lib/protocol/conversation';
import { DoctorReport } from '@/lib/protocol/doctor';
import {
  Draft,
  DraftQuery,
  GiveVerdict,
  GiveVerdicts,
  MakeRule,
  StandingRule,
  VerdictResults,
} from '@/lib/protocol/draft';
import { WireEntry } from '@/lib/protocol/entry';
import { ErrorBody } from '@/lib/protocol/errors';
import { Health } from '@/lib/protocol/health';
import {
  AgentId,
  ConversationId,
  ConveyanceId,
  DraftId,
  EntryId,
  KeyId,
  PersonId,
  RuleId,
  SeatId,
  ServerName,
  TaskId,
} from '@/lib/protocol/ids';
import { CreatedInvitation, CreateInvitation, Invitation } from '@/lib/protocol/invitation';
import { JsonObject, JsonValue } from '@/lib/protocol/json';
import { AddLettaServer, ChangeLettaServer, LettaAddress, LettaServer } from '@/lib/protocol/letta-server';
import { AgentMessage } from '@/lib/protocol/message';
import { MetricQuery, MetricSeries, MetricSeriesList, TaskMetric } from '@/lib/protocol/metrics';
import { EventsQuery, HistoryQuery, PageQuery, PastQuery, pageOf, TranscriptQuery } from '@/lib/protocol/page';
import { ChangeMe, ChangePerson, Me, Passkey, Person, Session, SetPassword } from '@/lib/protocol/person';
import { Role } from '@/lib/protocol/role';
import { HandBackSeat, SettleQuarantine, TakeSeat } from '@/lib/protocol/seat';
import { ChangeSettings, ClearedDemo, DemoShown, Settings } from '@/lib/protocol/settings';
import {
  AskInvitation,
  InvitationOffer,
  JoinByInvitation,
  RegisterPasskey,
  SignInByLink,
  SignInByPasskey,
  SignInByPassword,
  SignInWays,
} from '@/lib/protocol/sign-in';
import { TalkFigures, TalkQuery } from '@/lib/protocol/talk-figures';
import {
  ControlTask,
  DisplayQuery,
  InstructTask,
  NewTask,
  QueueTaskMessage,
  Task,
  TaskCompliance,
  TaskHeartbeat,
  TaskMessage,
  TaskMessagesQuery,
  TaskQuery,
} from '@/lib/protocol/task';
import { TaskAnswer, TaskInstruction, TaskReport } from '@/lib/protocol/task-message';
import { ReportAnswer } from '@/lib/protocol/task-report';
import { Name } from '@/lib/protocol/text';

const InclusionOrConsistency = z.union([InclusionProof, ConsistencyProof]);

/** What crosses the HTTP boundary, under the names that the description gives it. */
export const apiSchemas = {
  ErrorBody,
  JsonValue,
  JsonObject,
  Nothing: z.object({}),
  Health,
  Actor,
  Role,
  PageQuery,
  EventsQuery,
  HistoryQuery,
  TranscriptQuery,
  PastQuery,
  PastPage: pageOf(AgentMessage),

  Block,
  Agent,
  AgentPage: pageOf(Agent),
  CreateAgent,
  ChangeAgent,
  AgentActivity,
  Model,
  ModelPage: pageOf(Model),

  Seat,
  Edge,
  Conversation,
  ConversationPage: pageOf(Conversation),
  OpenConversation,
  ChangeConversation,
  Speak,
  Interrupt,
  Interrupted,
  Transcript: z.object({ conversation: Conversation, entries: z.array(WireEntry) }),
  SettleConveyance,
  SettledConveyance: z.object({ entries: z.array(WireEntry) }),
  TakeSeat,
  HandBackSeat,
  SettleQuarantine,
  SettledQuarantine: z.object({ entries: z.array(WireEntry) }),

  SetEdge,
  Draft,
  DraftPage: pageOf(Draft),
  DraftQuery,
  GiveVerdict,
  GiveVerdicts,
  VerdictResults,
  AgentGate,
  AgentGatePage: pageOf(AgentGate),
  StandingRule,
  StandingRulePage: pageOf(StandingRule),
  MakeRule,

  Task,
  MetricQuery,
  MetricSeries,
  MetricSeriesList,
  TalkQuery,
  TalkFigures,
  TaskPage: pageOf(Task),
  TaskQuery,
  NewTask,
  ControlTask,
  InstructTask,
  TaskHeartbeat,
  TaskReport,
  TaskAnswer,
  TaskInstruction,
  ReportAnswer,
  QueueTaskMessage,
  TaskMessage,
  TaskMessagePage: pageOf(TaskMessage),
  TaskMessagesQuery,
  DisplayQuery,
  TaskCompliance,

  Entry: WireEntry,
  EntryPage: pageOf(WireEntry),
  AgentMessage,
  LedgerQuery,
  ExportQuery,
  ProofQuery,
  InclusionProof,
  ConsistencyProof,
  Proof: InclusionOrConsistency,

  LettaServer,
  LettaServerPage: pageOf(LettaServer),
  AddLettaServer,
  ChangeLettaServer,
  LettaAddress,
  DoctorReport,
  Settings,
  ChangeSettings,
  DemoShown,
  ClearedDemo,

  Person,
  PersonPage: pageOf(Person),
  ChangePerson,
  Me,
  ChangeMe,
  SetPassword,
  Session,
  SessionPage: pageOf(Session),
  Passkey,
  PasskeyPage: pageOf(Passkey),
  RegisterPasskey,
  Invitation,
  InvitationPage: pageOf(Invitation),
  CreateInvitation,
  CreatedInvitation,
  ApiKey,
  ApiKeyPage: pageOf(ApiKey),
  CreateApiKey,
  CreatedApiKey,
  SignInWays,
  SignInByLink,
  SignInByPassword,
  SignInByPasskey,
  AskInvitation,
  InvitationOffer,
  JoinByInvitation,
} as const satisfies Record<string, z.ZodType>;

export type SchemaName = keyof typeof apiSchemas;

/** What stands in a path, by the parameter's name. */
export const parameterSchemas: Readonly<Record<string, z.ZodType>> = {
  agentId: AgentId,
  tool: Name,
  conversationId: ConversationId,
  metric: TaskMetric,
  conveyanceId: ConveyanceId,
  seat: SeatId,
  entryId: EntryId,
  draftId: DraftId,
  invitationId: Invitation.shape.id,
  keyId: KeyId,
  passkeyId: Name,
  personId: PersonId,
  ruleId: RuleId,
  server: ServerName,
  sessionId: Name,
  taskId: TaskId,
};
