CREATE TABLE person (
  workspace_id uuid NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT person_pkey PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX person_workspace_id_name_key_key ON person (workspace_id, name_key);

CREATE TABLE invitation (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  token_hash bytea NOT NULL,
  name text,
  role text NOT NULL,
  invited_by text NOT NULL,
  invited_by_name text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT invitation_pkey PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX invitation_workspace_id_token_hash_key ON invitation (workspace_id, token_hash);

CREATE TABLE sign_in_link (
  workspace_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  person_id text,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT sign_in_link_pkey PRIMARY KEY (workspace_id, token_hash)
);

CREATE TABLE api_key (
  workspace_id uuid NOT NULL,
  id text NOT NULL,
  secret_hash bytea NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  audience text NOT NULL,
  agent_ids text[],
  task_ids text[],
  person_id text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  CONSTRAINT api_key_pkey PRIMARY KEY (workspace_id, id)
);
CREATE INDEX api_key_workspace_id_person_id_idx ON api_key (workspace_id, person_id);

-- Tables of better-auth. A person and their auth_user share one id; what hangs on it goes with it.

CREATE TABLE auth_user (
  id text NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  email_verified boolean NOT NULL,
  image text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT auth_user_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX auth_user_email_key ON auth_user (email);

CREATE TABLE auth_session (
  id text NOT NULL,
  token text NOT NULL,
  user_id text NOT NULL,
  workspace_id uuid NOT NULL,
  method text NOT NULL,
  ip_address text,
  user_agent text,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT auth_session_pkey PRIMARY KEY (id),
  CONSTRAINT auth_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX auth_session_token_key ON auth_session (token);
CREATE INDEX auth_session_user_id_idx ON auth_session (user_id);

CREATE TABLE auth_account (
  id text NOT NULL,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  user_id text NOT NULL,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT auth_account_pkey PRIMARY KEY (id),
  CONSTRAINT auth_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX auth_account_user_id_provider_id_key ON auth_account (user_id, provider_id);

CREATE TABLE auth_verification (
  id text NOT NULL,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT auth_verification_pkey PRIMARY KEY (id)
);
CREATE INDEX auth_verification_identifier_idx ON auth_verification (identifier);

CREATE TABLE auth_passkey (
  id text NOT NULL,
  name text,
  public_key text NOT NULL,
  user_id text NOT NULL,
  credential_id text NOT NULL,
  counter bigint NOT NULL,
  device_type text NOT NULL,
  backed_up boolean NOT NULL,
  transports text,
  created_at timestamptz(3),
  aaguid text,
  CONSTRAINT auth_passkey_pkey PRIMARY KEY (id),
  CONSTRAINT auth_passkey_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth_user (id) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX auth_passkey_credential_id_key ON auth_passkey (credential_id);
CREATE INDEX auth_passkey_user_id_idx ON auth_passkey (user_id);
