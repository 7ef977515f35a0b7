-- The first tables, as they were made. Later migrations change them; this file does not change.

CREATE TABLE api_key_directory (
  key_hash BYTEA NOT NULL,
  tenant_id UUID NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  CONSTRAINT pk_api_key_directory PRIMARY KEY (key_hash)
);

CREATE TABLE import_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  import_id TEXT COLLATE "C" NOT NULL,
  batch INTEGER NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  bin_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  delta NUMERIC(18, 6),
  level NUMERIC(18, 6),
  occurred_at TIMESTAMP WITH TIME ZONE,
  unit_cost NUMERIC(18, 6),
  unit_price NUMERIC(18, 6),
  channel_id TEXT COLLATE "C",
  reference TEXT,
  identity BYTEA,
  cells TEXT[],
  CONSTRAINT pk_import_lines PRIMARY KEY (tenant_id, import_id, batch, position),
  CONSTRAINT ck_import_lines_delta_or_level CHECK ((delta is null) <> (level is null))
);
ALTER TABLE import_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON import_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE import_rows (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  import_id TEXT COLLATE "C" NOT NULL,
  file TEXT COLLATE "C" NOT NULL,
  line INTEGER NOT NULL,
  record_id TEXT COLLATE "C",
  made BOOLEAN,
  identity BYTEA,
  cells TEXT[] NOT NULL,
  CONSTRAINT pk_import_rows PRIMARY KEY (tenant_id, import_id, file, line)
);
ALTER TABLE import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON import_rows USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE product_search (
  tenant_id UUID NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  document TEXT NOT NULL,
  CONSTRAINT pk_product_search PRIMARY KEY (tenant_id, product_id)
);
CREATE INDEX ix_product_search_document ON product_search USING gin (tenant_id, document gin_trgm_ops);

CREATE TABLE stock_levels (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  on_hand NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  expired NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  held NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  reserved NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  next_expiry TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_stock_levels PRIMARY KEY (tenant_id, location_id, product_id),
  CONSTRAINT ck_stock_levels_on_hand_not_negative CHECK (on_hand >= 0 and on_hand <> 'NaN'::numeric)
)
 WITH (fillfactor = 85);
CREATE INDEX ix_stock_levels_due ON stock_levels (tenant_id, next_expiry) WHERE next_expiry is not null;
CREATE INDEX ix_stock_levels_product ON stock_levels (tenant_id, product_id, location_id);
ALTER TABLE stock_levels ENABLE ROW LEVEL SECURITY;
ALTER TABLE stock_levels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stock_levels USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE tenants (
  id UUID NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_tenants PRIMARY KEY (id),
  CONSTRAINT uq_tenants_code UNIQUE (code)
);

CREATE TABLE abc_pins_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  abc_class TEXT NOT NULL,
  reason TEXT,
  created_by JSONB NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_abc_pins_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_abc_pins_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE abc_pins_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE abc_pins_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON abc_pins_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE api_keys (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  last4 TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  scopes TEXT[] NOT NULL,
  location_ids TEXT[] COLLATE "C",
  per_minute INTEGER,
  per_hour INTEGER,
  cost_max INTEGER,
  expires_at TIMESTAMP WITH TIME ZONE,
  revoked_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  created_by_id TEXT COLLATE "C",
  created_by_name TEXT,
  CONSTRAINT pk_api_keys PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_api_keys__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX uq_api_keys_name ON api_keys (tenant_id, name) WHERE revoked_at is null;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_keys USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE bins_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT,
  type TEXT NOT NULL,
  zone TEXT,
  pick_order BIGINT NOT NULL,
  storage_class TEXT COLLATE "C",
  mixing TEXT NOT NULL,
  capacity_units NUMERIC(18, 6),
  capacity_weight_kg NUMERIC(18, 6),
  capacity_volume_litres NUMERIC(18, 6),
  active BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_bins_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_bins_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE bins_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE bins_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bins_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE categories (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  parent_id TEXT COLLATE "C",
  path TEXT[] COLLATE "C" NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_categories PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_categories_parent_id_categories FOREIGN KEY(tenant_id, parent_id) REFERENCES categories (tenant_id, id),
  CONSTRAINT fk_categories__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX uq_categories_code ON categories (tenant_id, code);
ALTER TABLE categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE categories FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON categories USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE channel_policies_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C",
  category_id TEXT COLLATE "C",
  name TEXT,
  description TEXT,
  mode TEXT,
  tier TEXT,
  priority BIGINT,
  share NUMERIC(18, 6),
  cap NUMERIC(18, 6),
  spill_over BOOLEAN,
  minimum_stock NUMERIC(18, 6),
  safety_stock NUMERIC(18, 6),
  reserve_stock NUMERIC(18, 6),
  buffer NUMERIC(18, 6),
  backorder_limit NUMERIC(18, 6),
  low_atp_threshold NUMERIC(18, 6),
  allocation_weight NUMERIC(18, 6),
  can_preempt BOOLEAN,
  minimum_atp NUMERIC(18, 6),
  maximum_fraction NUMERIC(18, 6),
  include_inbound BOOLEAN,
  inbound_horizon_days BIGINT,
  minimum_shelf_life_days BIGINT,
  reservation_ttl_seconds BIGINT,
  reservation_ttl_max_seconds BIGINT,
  late_consume_seconds BIGINT,
  starts_at TIMESTAMP WITH TIME ZONE,
  ends_at TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_channel_policies_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_channel_policies_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE channel_policies_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_policies_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_policies_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE channel_quotas_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  allocated NUMERIC(18, 6) NOT NULL,
  consumed NUMERIC(18, 6) NOT NULL,
  reason TEXT,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_channel_quotas_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_channel_quotas_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_channel_quotas_history_product_id ON channel_quotas_history (tenant_id, product_id, location_id);
ALTER TABLE channel_quotas_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_quotas_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_quotas_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE channels (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  position BIGINT DEFAULT 0 NOT NULL,
  active BOOLEAN DEFAULT true NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_channels PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_channels__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE channels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channels USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE count_settings (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  metric TEXT DEFAULT 'VALUE' NOT NULL,
  window_days INTEGER DEFAULT 365 NOT NULL,
  cutoff_a NUMERIC(18, 6) DEFAULT 0.8 NOT NULL,
  cutoff_b NUMERIC(18, 6) DEFAULT 0.95 NOT NULL,
  interval_days_a INTEGER DEFAULT 90 NOT NULL,
  interval_days_b INTEGER DEFAULT 180 NOT NULL,
  interval_days_c INTEGER DEFAULT 365 NOT NULL,
  tolerance_share_a NUMERIC(18, 6) DEFAULT 0.005 NOT NULL,
  tolerance_share_b NUMERIC(18, 6) DEFAULT 0.01 NOT NULL,
  tolerance_share_c NUMERIC(18, 6) DEFAULT 0.05 NOT NULL,
  tolerance_units NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  tolerance_value NUMERIC(18, 6),
  approval_value NUMERIC(18, 6),
  blind BOOLEAN DEFAULT false NOT NULL,
  auto_adjust BOOLEAN DEFAULT false NOT NULL,
  "freeze" BOOLEAN DEFAULT false NOT NULL,
  due_turnover_value NUMERIC(18, 6),
  due_accuracy NUMERIC(18, 6),
  due_emptied BOOLEAN DEFAULT false NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  updated_by TEXT,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_count_settings PRIMARY KEY (tenant_id),
  CONSTRAINT ck_count_settings_tolerance_share_a_not_negative CHECK (tolerance_share_a >= 0 and tolerance_share_a <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_tolerance_share_b_not_negative CHECK (tolerance_share_b >= 0 and tolerance_share_b <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_tolerance_share_c_not_negative CHECK (tolerance_share_c >= 0 and tolerance_share_c <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_tolerance_units_not_negative CHECK (tolerance_units >= 0 and tolerance_units <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_tolerance_value_not_negative CHECK (tolerance_value >= 0 and tolerance_value <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_approval_value_not_negative CHECK (approval_value >= 0 and approval_value <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_due_turnover_value_not_negative CHECK (due_turnover_value >= 0 and due_turnover_value <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_due_accuracy_not_negative CHECK (due_accuracy >= 0 and due_accuracy <> 'NaN'::numeric),
  CONSTRAINT ck_count_settings_cutoffs CHECK (0 < cutoff_a and cutoff_a <= cutoff_b and cutoff_b <= 1),
  CONSTRAINT ck_count_settings_days_positive CHECK (least(window_days, interval_days_a, interval_days_b, interval_days_c) > 0),
  CONSTRAINT fk_count_settings__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE count_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE count_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON count_settings USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE count_settings_history (
  tenant_id UUID NOT NULL,
  metric TEXT NOT NULL,
  window_days INTEGER NOT NULL,
  cutoff_a NUMERIC(18, 6) NOT NULL,
  cutoff_b NUMERIC(18, 6) NOT NULL,
  interval_days_a INTEGER NOT NULL,
  interval_days_b INTEGER NOT NULL,
  interval_days_c INTEGER NOT NULL,
  tolerance_share_a NUMERIC(18, 6) NOT NULL,
  tolerance_share_b NUMERIC(18, 6) NOT NULL,
  tolerance_share_c NUMERIC(18, 6) NOT NULL,
  tolerance_units NUMERIC(18, 6) NOT NULL,
  tolerance_value NUMERIC(18, 6),
  approval_value NUMERIC(18, 6),
  blind BOOLEAN NOT NULL,
  auto_adjust BOOLEAN NOT NULL,
  "freeze" BOOLEAN NOT NULL,
  due_turnover_value NUMERIC(18, 6),
  due_accuracy NUMERIC(18, 6),
  due_emptied BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  updated_by TEXT,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_count_settings_history PRIMARY KEY (tenant_id, version, valid_from),
  CONSTRAINT fk_count_settings_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE count_settings_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE count_settings_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON count_settings_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE document_numbers (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  document_type TEXT COLLATE "C" NOT NULL,
  last BIGINT NOT NULL,
  CONSTRAINT pk_document_numbers PRIMARY KEY (tenant_id, document_type),
  CONSTRAINT fk_document_numbers__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE document_numbers ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_numbers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_numbers USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE holds_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  state TEXT NOT NULL,
  scope TEXT NOT NULL,
  scope_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C",
  location_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  bin_id TEXT COLLATE "C",
  inventory_item_id TEXT COLLATE "C",
  quantity NUMERIC(18, 6),
  quantity_released NUMERIC(18, 6) NOT NULL,
  reason TEXT NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  created_by JSONB NOT NULL,
  released_by JSONB,
  released_at TIMESTAMP WITH TIME ZONE,
  release_reason TEXT,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_holds_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_holds_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_holds_history_scope_id ON holds_history (tenant_id, scope_id);
ALTER TABLE holds_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE holds_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON holds_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE idempotency_keys (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  key TEXT NOT NULL,
  operation TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  outcome JSON,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (tenant_id, key),
  CONSTRAINT ck_idempotency_keys_key_length CHECK (length(key) between 1 and 255),
  CONSTRAINT fk_idempotency_keys__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_idempotency_keys_expires ON idempotency_keys (tenant_id, expires_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_keys USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE imports (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  state TEXT DEFAULT 'STAGING' NOT NULL,
  folder TEXT NOT NULL,
  fingerprint BYTEA NOT NULL,
  options JSONB NOT NULL,
  report JSONB DEFAULT '{}' NOT NULL,
  planned_batches INTEGER DEFAULT 0 NOT NULL,
  posted_batches INTEGER DEFAULT 0 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_imports PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_imports_state_known CHECK (state in ('STAGING', 'POSTING', 'DONE', 'REFUSED', 'REHEARSED', 'ABANDONED')),
  CONSTRAINT ck_imports_posted_are_planned CHECK (posted_batches between 0 and planned_batches),
  CONSTRAINT fk_imports__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_imports_created ON imports (tenant_id, created_at);
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON imports USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE ledger_checks (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  checked_at TIMESTAMP WITH TIME ZONE,
  milliseconds INTEGER,
  report JSONB,
  CONSTRAINT pk_ledger_checks PRIMARY KEY (tenant_id),
  CONSTRAINT fk_ledger_checks__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE ledger_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_checks USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE ledger_seals (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  number BIGINT NOT NULL,
  first_event BIGINT NOT NULL,
  last_event BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  previous BYTEA,
  sealed_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_ledger_seals PRIMARY KEY (tenant_id, number),
  CONSTRAINT fk_ledger_seals__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE ledger_seals ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_seals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_seals USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE locations (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  parent_id TEXT COLLATE "C",
  path TEXT[] COLLATE "C" NOT NULL,
  active BOOLEAN DEFAULT true NOT NULL,
  request_approval BOOLEAN,
  attributes JSONB DEFAULT '{}' NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_locations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_locations_parent_id_locations FOREIGN KEY(tenant_id, parent_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_locations__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX uq_locations_code ON locations (tenant_id, code);
ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE locations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON locations USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE lots_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  expiry_date DATE,
  note TEXT,
  marked_expired_at TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_lots_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_lots_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE lots_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE lots_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lots_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE outbox (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  ordinal BIGINT GENERATED ALWAYS AS IDENTITY,
  topic TEXT NOT NULL,
  aggregate_id TEXT COLLATE "C" NOT NULL,
  payload JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  number BIGINT,
  CONSTRAINT pk_outbox PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_outbox__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_outbox_unnumbered ON outbox (tenant_id, ordinal) WHERE number is null;
CREATE UNIQUE INDEX uq_outbox_number ON outbox (tenant_id, number) WHERE number is not null;
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON outbox USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE products_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" NOT NULL,
  category_id TEXT COLLATE "C",
  unit_of_measure TEXT NOT NULL,
  quantity_step NUMERIC(18, 6) NOT NULL,
  barcode TEXT COLLATE "C",
  unit_cost NUMERIC(18, 6),
  list_price NUMERIC(18, 6),
  lot_tracked BOOLEAN NOT NULL,
  expiry_tracked BOOLEAN NOT NULL,
  serial_tracked BOOLEAN NOT NULL,
  allow_past_expiry BOOLEAN NOT NULL,
  expiry_warning_days BIGINT,
  regulated BOOLEAN NOT NULL,
  safety_stock NUMERIC(18, 6),
  reorder_point NUMERIC(18, 6),
  lead_time_days BIGINT,
  storage_class TEXT COLLATE "C",
  unit_weight_kg NUMERIC(18, 6),
  unit_volume_litres NUMERIC(18, 6),
  active BOOLEAN NOT NULL,
  attributes JSONB NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_products_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_products_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE products_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE products_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON products_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reason_codes (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  direction TEXT DEFAULT 'BOTH' NOT NULL,
  category TEXT,
  requires_comment BOOLEAN DEFAULT false NOT NULL,
  contexts TEXT[],
  active BOOLEAN DEFAULT true NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_reason_codes PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_reason_codes_direction_known CHECK (direction in ('INCREASE', 'DECREASE', 'BOTH')),
  CONSTRAINT fk_reason_codes__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX uq_reason_codes_code ON reason_codes (tenant_id, code);
ALTER TABLE reason_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE reason_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reason_codes USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservation_headers_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  created_by JSONB NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_reservation_headers_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_reservation_headers_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE reservation_headers_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservation_headers_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservation_headers_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservation_lines_history (
  tenant_id UUID NOT NULL,
  header_id TEXT COLLATE "C" NOT NULL,
  number INTEGER NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  asked NUMERIC(18, 6) NOT NULL,
  reserved NUMERIC(18, 6) NOT NULL,
  consumed NUMERIC(18, 6) NOT NULL,
  released NUMERIC(18, 6) NOT NULL,
  expired NUMERIC(18, 6) NOT NULL,
  needed_on DATE,
  atp_before NUMERIC(18, 6) NOT NULL,
  version BIGINT NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_reservation_lines_history PRIMARY KEY (tenant_id, header_id, number, version, valid_from),
  CONSTRAINT fk_reservation_lines_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE reservation_lines_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservation_lines_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservation_lines_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservations_history (
  tenant_id UUID NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  channel_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C",
  header_id TEXT COLLATE "C",
  line_number INTEGER,
  quantity NUMERIC(18, 6) NOT NULL,
  from_quota NUMERIC(18, 6) NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  needed_on DATE,
  version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_reservations_history PRIMARY KEY (tenant_id, id, version, valid_from),
  CONSTRAINT fk_reservations_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_reservations_history_location_id ON reservations_history (tenant_id, location_id, product_id);
ALTER TABLE reservations_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservations_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservations_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE severity_crossings (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  atp NUMERIC(18, 6) NOT NULL,
  threshold NUMERIC(18, 6) NOT NULL,
  policy_id TEXT COLLATE "C",
  crossed_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_severity_crossings PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_severity_crossings__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_severity_crossings_at ON severity_crossings (tenant_id, crossed_at, id);
CREATE INDEX ix_severity_crossings_product ON severity_crossings (tenant_id, product_id, crossed_at);
ALTER TABLE severity_crossings ENABLE ROW LEVEL SECURITY;
ALTER TABLE severity_crossings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON severity_crossings USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE severity_states (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  severity TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_severity_states PRIMARY KEY (tenant_id, location_id, product_id, channel_id),
  CONSTRAINT fk_severity_states__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE severity_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE severity_states FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON severity_states USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE severity_watch (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  number BIGINT DEFAULT 0 NOT NULL,
  location_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C",
  round_mark TEXT DEFAULT '' NOT NULL,
  is_done BOOLEAN DEFAULT true NOT NULL,
  has_begun BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_severity_watch PRIMARY KEY (tenant_id),
  CONSTRAINT fk_severity_watch__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE severity_watch ENABLE ROW LEVEL SECURITY;
ALTER TABLE severity_watch FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON severity_watch USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE tenant_settings (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT DEFAULT 'UTC' NOT NULL,
  currency TEXT DEFAULT 'USD' NOT NULL,
  industry_pack TEXT DEFAULT 'RETAIL' NOT NULL,
  lot_tracking BOOLEAN DEFAULT true NOT NULL,
  expiry_tracking BOOLEAN DEFAULT true NOT NULL,
  request_approval BOOLEAN DEFAULT true NOT NULL,
  request_self_approval BOOLEAN DEFAULT false NOT NULL,
  request_reservation BOOLEAN DEFAULT false NOT NULL,
  low_atp_threshold NUMERIC(18, 6) DEFAULT 10 NOT NULL,
  expiry_warning_days BIGINT DEFAULT 30 NOT NULL,
  overdue_supply_days BIGINT DEFAULT 30 NOT NULL,
  root_cause_quantity NUMERIC(18, 6),
  closed_through TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  updated_by TEXT,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_tenant_settings PRIMARY KEY (tenant_id),
  CONSTRAINT ck_tenant_settings_low_atp_threshold_not_negative CHECK (low_atp_threshold >= 0 and low_atp_threshold <> 'NaN'::numeric),
  CONSTRAINT ck_tenant_settings_expiry_warning_days_not_negative CHECK (expiry_warning_days >= 0 and expiry_warning_days <> 'NaN'::numeric),
  CONSTRAINT ck_tenant_settings_overdue_supply_days_not_negative CHECK (overdue_supply_days >= 0 and overdue_supply_days <> 'NaN'::numeric),
  CONSTRAINT fk_tenant_settings__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE tenant_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_settings USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE tenant_settings_history (
  tenant_id UUID NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  industry_pack TEXT NOT NULL,
  lot_tracking BOOLEAN NOT NULL,
  expiry_tracking BOOLEAN NOT NULL,
  request_approval BOOLEAN NOT NULL,
  request_self_approval BOOLEAN NOT NULL,
  request_reservation BOOLEAN NOT NULL,
  low_atp_threshold NUMERIC(18, 6) NOT NULL,
  expiry_warning_days BIGINT NOT NULL,
  overdue_supply_days BIGINT NOT NULL,
  root_cause_quantity NUMERIC(18, 6),
  closed_through TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  updated_by TEXT,
  valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
  valid_to TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_tenant_settings_history PRIMARY KEY (tenant_id, version, valid_from),
  CONSTRAINT fk_tenant_settings_history__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
ALTER TABLE tenant_settings_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_settings_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_settings_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE tenant_versions (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  reference BIGINT DEFAULT 1 NOT NULL,
  CONSTRAINT pk_tenant_versions PRIMARY KEY (tenant_id),
  CONSTRAINT fk_tenant_versions__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
)
 WITH (fillfactor = 50);
ALTER TABLE tenant_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_versions USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE vendors (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  credit_rating BIGINT,
  preferred BOOLEAN DEFAULT false NOT NULL,
  active BOOLEAN DEFAULT true NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_vendors PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_vendors__tenants FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE UNIQUE INDEX uq_vendors_code ON vendors (tenant_id, code);
ALTER TABLE vendors ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendors FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vendors USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE abc_runs (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  metric TEXT NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  cutoff_a NUMERIC(18, 6) NOT NULL,
  cutoff_b NUMERIC(18, 6) NOT NULL,
  basis TEXT NOT NULL,
  total NUMERIC NOT NULL,
  product_count INTEGER NOT NULL,
  count_a INTEGER NOT NULL,
  count_b INTEGER NOT NULL,
  count_c INTEGER NOT NULL,
  created_by JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_abc_runs PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_abc_runs_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_abc_runs_metric_known CHECK (metric in ('VALUE', 'VELOCITY', 'HITS', 'ONHAND_VALUE')),
  CONSTRAINT ck_abc_runs_window_in_order CHECK (from_date <= to_date)
);
ALTER TABLE abc_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE abc_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON abc_runs USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE bins (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT,
  type TEXT DEFAULT 'STANDARD' NOT NULL,
  zone TEXT,
  pick_order BIGINT DEFAULT 0 NOT NULL,
  storage_class TEXT COLLATE "C",
  mixing TEXT DEFAULT 'ANY' NOT NULL,
  capacity_units NUMERIC(18, 6),
  capacity_weight_kg NUMERIC(18, 6),
  capacity_volume_litres NUMERIC(18, 6),
  active BOOLEAN DEFAULT true NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_bins PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_bins_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_bins_mixing_known CHECK (mixing in ('ANY', 'SAME_PRODUCT', 'SAME_LOT', 'EMPTY_ONLY')),
  CONSTRAINT ck_bins_capacity_units_not_negative CHECK (capacity_units >= 0 and capacity_units <> 'NaN'::numeric),
  CONSTRAINT ck_bins_capacity_weight_kg_not_negative CHECK (capacity_weight_kg >= 0 and capacity_weight_kg <> 'NaN'::numeric),
  CONSTRAINT ck_bins_capacity_volume_litres_not_negative CHECK (capacity_volume_litres >= 0 and capacity_volume_litres <> 'NaN'::numeric)
);
CREATE INDEX ix_bins_type ON bins (tenant_id, type);
CREATE UNIQUE INDEX uq_bins_code ON bins (tenant_id, location_id, code);
CREATE UNIQUE INDEX uq_bins_location ON bins (tenant_id, location_id, id);
ALTER TABLE bins ENABLE ROW LEVEL SECURITY;
ALTER TABLE bins FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bins USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE postings (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  reason_code_id TEXT COLLATE "C",
  root_cause TEXT,
  reference TEXT,
  comment TEXT,
  document_type TEXT COLLATE "C",
  document_id TEXT COLLATE "C",
  actor JSONB NOT NULL,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  xid BIGINT NOT NULL,
  entry_count INTEGER NOT NULL,
  reverses_id TEXT COLLATE "C",
  import_id TEXT COLLATE "C",
  CONSTRAINT pk_postings PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_postings_reason_code_id_reason_codes FOREIGN KEY(tenant_id, reason_code_id) REFERENCES reason_codes (tenant_id, id),
  CONSTRAINT fk_postings_reverses_id_postings FOREIGN KEY(tenant_id, reverses_id) REFERENCES postings (tenant_id, id)
);
CREATE INDEX ix_postings_document ON postings (tenant_id, document_type, document_id, id) WHERE document_type is not null;
CREATE INDEX ix_postings_recorded ON postings (tenant_id, recorded_at, id);
CREATE UNIQUE INDEX uq_postings_reverses ON postings (tenant_id, reverses_id) WHERE reverses_id is not null;
ALTER TABLE postings ENABLE ROW LEVEL SECURITY;
ALTER TABLE postings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON postings USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE products (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT COLLATE "C" GENERATED ALWAYS AS (lower(name) collate "C") STORED NOT NULL,
  category_id TEXT COLLATE "C",
  unit_of_measure TEXT DEFAULT 'EA' NOT NULL,
  quantity_step NUMERIC(18, 6) DEFAULT 1 NOT NULL,
  barcode TEXT COLLATE "C",
  unit_cost NUMERIC(18, 6),
  list_price NUMERIC(18, 6),
  lot_tracked BOOLEAN DEFAULT false NOT NULL,
  expiry_tracked BOOLEAN DEFAULT false NOT NULL,
  serial_tracked BOOLEAN DEFAULT false NOT NULL,
  allow_past_expiry BOOLEAN DEFAULT false NOT NULL,
  expiry_warning_days BIGINT,
  regulated BOOLEAN DEFAULT false NOT NULL,
  safety_stock NUMERIC(18, 6),
  reorder_point NUMERIC(18, 6),
  lead_time_days BIGINT,
  storage_class TEXT COLLATE "C",
  unit_weight_kg NUMERIC(18, 6),
  unit_volume_litres NUMERIC(18, 6),
  active BOOLEAN DEFAULT true NOT NULL,
  attributes JSONB DEFAULT '{}' NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_products PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_products_category_id_categories FOREIGN KEY(tenant_id, category_id) REFERENCES categories (tenant_id, id),
  CONSTRAINT ck_products_quantity_step_positive CHECK (quantity_step > 0),
  CONSTRAINT ck_products_unit_cost_not_negative CHECK (unit_cost >= 0 and unit_cost <> 'NaN'::numeric),
  CONSTRAINT ck_products_list_price_not_negative CHECK (list_price >= 0 and list_price <> 'NaN'::numeric),
  CONSTRAINT ck_products_unit_weight_kg_not_negative CHECK (unit_weight_kg >= 0 and unit_weight_kg <> 'NaN'::numeric),
  CONSTRAINT ck_products_unit_volume_litres_not_negative CHECK (unit_volume_litres >= 0 and unit_volume_litres <> 'NaN'::numeric)
);
CREATE INDEX ix_products_category ON products (tenant_id, category_id);
CREATE INDEX ix_products_name ON products (tenant_id, name_key, id);
CREATE UNIQUE INDEX uq_products_barcode ON products (tenant_id, barcode) WHERE barcode is not null;
CREATE UNIQUE INDEX uq_products_sku ON products (tenant_id, sku);
ALTER TABLE products ENABLE ROW LEVEL SECURITY;
ALTER TABLE products FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON products USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE put_away_tasks (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  status TEXT DEFAULT 'READY' NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  line_count INTEGER DEFAULT 0 NOT NULL,
  strategy TEXT,
  reference TEXT,
  comment TEXT,
  created_by JSONB NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  completed_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_put_away_tasks PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_put_away_tasks_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id)
);
CREATE INDEX ix_put_away_tasks_created ON put_away_tasks (tenant_id, created_at, id);
CREATE INDEX ix_put_away_tasks_open ON put_away_tasks (tenant_id, location_id) WHERE status in ('READY', 'IN_PROGRESS');
CREATE UNIQUE INDEX uq_put_away_tasks_number ON put_away_tasks (tenant_id, number);
ALTER TABLE put_away_tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE put_away_tasks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON put_away_tasks USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE request_approvers (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  key_id TEXT COLLATE "C" NOT NULL,
  value_limit NUMERIC(18, 6),
  may_exceed_request BOOLEAN DEFAULT false NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_request_approvers PRIMARY KEY (tenant_id, key_id),
  CONSTRAINT fk_request_approvers_key_id_api_keys FOREIGN KEY(tenant_id, key_id) REFERENCES api_keys (tenant_id, id),
  CONSTRAINT ck_request_approvers_value_limit_not_negative CHECK (value_limit >= 0 and value_limit <> 'NaN'::numeric)
);
ALTER TABLE request_approvers ENABLE ROW LEVEL SECURITY;
ALTER TABLE request_approvers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON request_approvers USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservation_headers (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  state TEXT DEFAULT 'ACTIVE' NOT NULL,
  kind TEXT DEFAULT 'SOFT' NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  created_by JSONB NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_reservation_headers PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_reservation_headers_channel_id_channels FOREIGN KEY(tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  CONSTRAINT ck_reservation_headers_kind_known CHECK (kind in ('HARD', 'SOFT')),
  CONSTRAINT ck_reservation_headers_state_known CHECK (state in ('ACTIVE', 'CONSUMED', 'RELEASED', 'EXPIRED')),
  CONSTRAINT ck_reservation_headers_soft_ends CHECK ((kind = 'SOFT') = (expires_at is not null))
);
CREATE INDEX ix_reservation_headers_channel ON reservation_headers (tenant_id, channel_id);
CREATE INDEX ix_reservation_headers_expiring ON reservation_headers (tenant_id, expires_at) WHERE state = 'ACTIVE' and expires_at is not null;
CREATE INDEX ix_reservation_headers_reference ON reservation_headers (tenant_id, reference);
ALTER TABLE reservation_headers ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservation_headers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservation_headers USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE stocklists (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  state TEXT DEFAULT 'DRAFT' NOT NULL,
  type TEXT NOT NULL,
  requesting_location_id TEXT COLLATE "C" NOT NULL,
  fulfilling_location_id TEXT COLLATE "C" NOT NULL,
  period_days BIGINT,
  next_on DATE,
  created_by JSONB NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_stocklists PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_stocklists_requesting_location_id_locations FOREIGN KEY(tenant_id, requesting_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_stocklists_fulfilling_location_id_locations FOREIGN KEY(tenant_id, fulfilling_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_stocklists_state_known CHECK (state in ('DRAFT', 'PUBLISHED', 'RETIRED')),
  CONSTRAINT ck_stocklists_type_known CHECK (type in ('PULL', 'PUSH')),
  CONSTRAINT ck_stocklists_two_locations CHECK (requesting_location_id <> fulfilling_location_id),
  CONSTRAINT ck_stocklists_period_above_zero CHECK (period_days > 0)
);
CREATE INDEX ix_stocklists_due ON stocklists (tenant_id, next_on) WHERE state = 'PUBLISHED' and next_on is not null;
CREATE INDEX ix_stocklists_fulfilling ON stocklists (tenant_id, fulfilling_location_id, name);
CREATE INDEX ix_stocklists_requesting ON stocklists (tenant_id, requesting_location_id, name);
CREATE UNIQUE INDEX uq_stocklists_name ON stocklists (tenant_id, name);
ALTER TABLE stocklists ENABLE ROW LEVEL SECURITY;
ALTER TABLE stocklists FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stocklists USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE transfers (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  status TEXT DEFAULT 'DRAFT' NOT NULL,
  source_location_id TEXT COLLATE "C" NOT NULL,
  dest_location_id TEXT COLLATE "C" NOT NULL,
  expected_on DATE,
  reference TEXT,
  comment TEXT,
  origin_type TEXT COLLATE "C",
  origin_id TEXT COLLATE "C",
  line_count INTEGER DEFAULT 0 NOT NULL,
  total_quantity NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  created_by JSONB NOT NULL,
  submitted_at TIMESTAMP WITH TIME ZONE,
  approved_at TIMESTAMP WITH TIME ZONE,
  shipped_at TIMESTAMP WITH TIME ZONE,
  received_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_transfers PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_transfers_source_location_id_locations FOREIGN KEY(tenant_id, source_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_transfers_dest_location_id_locations FOREIGN KEY(tenant_id, dest_location_id) REFERENCES locations (tenant_id, id)
);
CREATE INDEX ix_transfers_created ON transfers (tenant_id, created_at, id);
CREATE INDEX ix_transfers_dest ON transfers (tenant_id, dest_location_id, created_at);
CREATE INDEX ix_transfers_origin ON transfers (tenant_id, origin_type, origin_id) WHERE origin_type is not null;
CREATE INDEX ix_transfers_source ON transfers (tenant_id, source_location_id, created_at);
CREATE INDEX ix_transfers_status ON transfers (tenant_id, status, created_at);
CREATE UNIQUE INDEX uq_transfers_number ON transfers (tenant_id, number);
ALTER TABLE transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transfers USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE abc_pins (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  abc_class TEXT NOT NULL,
  reason TEXT,
  created_by JSONB NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_abc_pins PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_abc_pins_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_abc_pins_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_abc_pins_abc_class_known CHECK (abc_class in ('A', 'B', 'C'))
);
CREATE UNIQUE INDEX uq_abc_pins_scope ON abc_pins (tenant_id, product_id, location_id) NULLS NOT DISTINCT;
ALTER TABLE abc_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE abc_pins FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON abc_pins USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE abc_run_classes (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  run_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  rank INTEGER NOT NULL,
  units NUMERIC NOT NULL,
  hits NUMERIC NOT NULL,
  measure NUMERIC NOT NULL,
  before NUMERIC NOT NULL,
  abc_class TEXT NOT NULL,
  non_moving BOOLEAN NOT NULL,
  CONSTRAINT pk_abc_run_classes PRIMARY KEY (tenant_id, run_id, product_id),
  CONSTRAINT fk_abc_run_classes_run_id_abc_runs FOREIGN KEY(tenant_id, run_id) REFERENCES abc_runs (tenant_id, id),
  CONSTRAINT fk_abc_run_classes_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT ck_abc_run_classes_abc_class_known CHECK (abc_class in ('A', 'B', 'C'))
);
CREATE UNIQUE INDEX uq_abc_run_classes_rank ON abc_run_classes (tenant_id, run_id, rank);
ALTER TABLE abc_run_classes ENABLE ROW LEVEL SECURITY;
ALTER TABLE abc_run_classes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON abc_run_classes USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE channel_policies (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C",
  category_id TEXT COLLATE "C",
  name TEXT,
  description TEXT,
  mode TEXT,
  tier TEXT,
  priority BIGINT,
  share NUMERIC(18, 6),
  cap NUMERIC(18, 6),
  spill_over BOOLEAN,
  minimum_stock NUMERIC(18, 6),
  safety_stock NUMERIC(18, 6),
  reserve_stock NUMERIC(18, 6),
  buffer NUMERIC(18, 6),
  backorder_limit NUMERIC(18, 6),
  low_atp_threshold NUMERIC(18, 6),
  allocation_weight NUMERIC(18, 6),
  can_preempt BOOLEAN,
  minimum_atp NUMERIC(18, 6),
  maximum_fraction NUMERIC(18, 6),
  include_inbound BOOLEAN,
  inbound_horizon_days BIGINT,
  minimum_shelf_life_days BIGINT,
  reservation_ttl_seconds BIGINT,
  reservation_ttl_max_seconds BIGINT,
  late_consume_seconds BIGINT,
  starts_at TIMESTAMP WITH TIME ZONE,
  ends_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_channel_policies PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_channel_policies_channel_id_channels FOREIGN KEY(tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  CONSTRAINT fk_channel_policies_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_channel_policies_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_channel_policies_category_id_categories FOREIGN KEY(tenant_id, category_id) REFERENCES categories (tenant_id, id),
  CONSTRAINT ck_channel_policies_one_scope CHECK (product_id is null or category_id is null),
  CONSTRAINT ck_channel_policies_mode_known CHECK (mode in ('SHARED', 'FENCED', 'CAP', 'SHARE')),
  CONSTRAINT ck_channel_policies_tier_known CHECK (tier in ('HIGH', 'MEDIUM', 'LOW')),
  CONSTRAINT ck_channel_policies_share_fraction CHECK (share between 0 and 1),
  CONSTRAINT ck_channel_policies_weight_fraction CHECK (allocation_weight between 0 and 1),
  CONSTRAINT ck_channel_policies_maximum_fraction CHECK (maximum_fraction between 0 and 1),
  CONSTRAINT ck_channel_policies_validity CHECK (starts_at < ends_at),
  CONSTRAINT ck_channel_policies_priority_range CHECK (priority between 0 and 1000),
  CONSTRAINT ck_channel_policies_cap_not_negative CHECK (cap >= 0 and cap <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_minimum_stock_not_negative CHECK (minimum_stock >= 0 and minimum_stock <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_safety_stock_not_negative CHECK (safety_stock >= 0 and safety_stock <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_reserve_stock_not_negative CHECK (reserve_stock >= 0 and reserve_stock <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_buffer_not_negative CHECK (buffer >= 0 and buffer <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_backorder_limit_not_negative CHECK (backorder_limit >= 0 and backorder_limit <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_low_atp_threshold_not_negative CHECK (low_atp_threshold >= 0 and low_atp_threshold <> 'NaN'::numeric),
  CONSTRAINT ck_channel_policies_minimum_atp_not_negative CHECK (minimum_atp >= 0 and minimum_atp <> 'NaN'::numeric)
);
CREATE INDEX ix_channel_policies_channel ON channel_policies (tenant_id, channel_id);
CREATE INDEX ix_channel_policies_dated ON channel_policies (tenant_id) WHERE minimum_shelf_life_days is not null or include_inbound;
CREATE INDEX ix_channel_policies_location ON channel_policies (tenant_id, location_id);
CREATE INDEX ix_channel_policies_product ON channel_policies (tenant_id, product_id);
ALTER TABLE channel_policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_policies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_policies USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE channel_quotas (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  allocated NUMERIC(18, 6) NOT NULL,
  consumed NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  reason TEXT,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_channel_quotas PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_channel_quotas_channel_id_channels FOREIGN KEY(tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  CONSTRAINT fk_channel_quotas_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_channel_quotas_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_channel_quotas_allocated_not_negative CHECK (allocated >= 0 and allocated <> 'NaN'::numeric),
  CONSTRAINT ck_channel_quotas_consumed_within_allocated CHECK (consumed between 0 and allocated)
);
CREATE UNIQUE INDEX uq_channel_quotas_scope ON channel_quotas (tenant_id, product_id, location_id, channel_id);
ALTER TABLE channel_quotas ENABLE ROW LEVEL SECURITY;
ALTER TABLE channel_quotas FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON channel_quotas USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE cycle_counts (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  status TEXT DEFAULT 'DRAFT' NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  blind BOOLEAN DEFAULT false NOT NULL,
  auto_adjust BOOLEAN DEFAULT false NOT NULL,
  count_date DATE NOT NULL,
  assigned_to JSONB,
  notes TEXT,
  abc_run_id TEXT COLLATE "C",
  line_count INTEGER DEFAULT 0 NOT NULL,
  created_by JSONB NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE,
  completed_at TIMESTAMP WITH TIME ZONE,
  posted_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_cycle_counts PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_cycle_counts_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_cycle_counts_abc_run_id_abc_runs FOREIGN KEY(tenant_id, abc_run_id) REFERENCES abc_runs (tenant_id, id),
  CONSTRAINT ck_cycle_counts_type_known CHECK (type in ('FULL', 'PARTIAL', 'SPOT_CHECK'))
);
CREATE INDEX ix_cycle_counts_created ON cycle_counts (tenant_id, created_at, id);
CREATE INDEX ix_cycle_counts_location ON cycle_counts (tenant_id, location_id, created_at);
CREATE INDEX ix_cycle_counts_status ON cycle_counts (tenant_id, status, created_at);
CREATE UNIQUE INDEX uq_cycle_counts_number ON cycle_counts (tenant_id, number);
ALTER TABLE cycle_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE cycle_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON cycle_counts USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE document_events (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  document_type TEXT COLLATE "C" NOT NULL,
  document_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  action TEXT NOT NULL,
  from_status TEXT,
  to_status TEXT NOT NULL,
  actor JSONB NOT NULL,
  comment TEXT,
  reason TEXT,
  posting_id TEXT COLLATE "C",
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_document_events PRIMARY KEY (tenant_id, document_type, document_id, ordinal),
  CONSTRAINT fk_document_events_posting_id_postings FOREIGN KEY(tenant_id, posting_id) REFERENCES postings (tenant_id, id)
);
ALTER TABLE document_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE document_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON document_events USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE imported_movements (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  identity BYTEA NOT NULL,
  posting_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  cells TEXT[] NOT NULL,
  CONSTRAINT pk_imported_movements PRIMARY KEY (tenant_id, identity),
  CONSTRAINT fk_imported_movements_posting_id_postings FOREIGN KEY(tenant_id, posting_id) REFERENCES postings (tenant_id, id)
);
CREATE INDEX ix_imported_movements_occurred ON imported_movements (tenant_id, occurred_at);
ALTER TABLE imported_movements ENABLE ROW LEVEL SECURITY;
ALTER TABLE imported_movements FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON imported_movements USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE inventory_levels (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  min_quantity NUMERIC(18, 6),
  reorder_quantity NUMERIC(18, 6),
  max_quantity NUMERIC(18, 6),
  status TEXT DEFAULT 'Supported' NOT NULL,
  abc_class TEXT,
  expected_lead_time_days BIGINT,
  replenishment_period_days BIGINT,
  forecast_period_days BIGINT,
  forecast_quantity NUMERIC(18, 6),
  preferred_bin_id TEXT COLLATE "C",
  replenishment_location_id TEXT COLLATE "C",
  comments TEXT,
  replenishment_method TEXT,
  order_quantity NUMERIC(18, 6),
  pack_size NUMERIC(18, 6),
  minimum_order_quantity NUMERIC(18, 6),
  safety_stock NUMERIC(18, 6),
  service_level NUMERIC(18, 6),
  lead_time_deviation_days NUMERIC(18, 6),
  cover_days BIGINT,
  order_cost NUMERIC(18, 6),
  holding_cost NUMERIC(18, 6),
  shelf_life_days BIGINT,
  demand_window_days BIGINT,
  demand_share NUMERIC(18, 6),
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_inventory_levels PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_inventory_levels_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_inventory_levels_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_inventory_levels_location_id_bins FOREIGN KEY(tenant_id, location_id, preferred_bin_id) REFERENCES bins (tenant_id, location_id, id),
  CONSTRAINT fk_inventory_levels_replenishment_location_id_locations FOREIGN KEY(tenant_id, replenishment_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_inventory_levels_abc_class_known CHECK (abc_class in ('A', 'B', 'C')),
  CONSTRAINT ck_inventory_levels_replenishment_method_known CHECK (replenishment_method in ('MIN_MAX', 'REORDER_POINT', 'FIXED', 'EOQ', 'DAYS_OF_COVER', 'DEMAND_DATED')),
  CONSTRAINT ck_inventory_levels_service_level_possible CHECK (service_level between 0.5 and 0.999),
  CONSTRAINT ck_inventory_levels_demand_share_possible CHECK (demand_share between 0 and 1),
  CONSTRAINT ck_inventory_levels_order_quantities_positive CHECK (order_quantity > 0 and pack_size > 0),
  CONSTRAINT ck_inventory_levels_min_reorder_max CHECK (coalesce(min_quantity, 0) <= coalesce(reorder_quantity, max_quantity, min_quantity, 0) and coalesce(reorder_quantity, min_quantity, 0) <= coalesce(max_quantity, reorder_quantity, min_quantity, 0))
);
CREATE INDEX ix_inventory_levels_product ON inventory_levels (tenant_id, product_id);
CREATE UNIQUE INDEX uq_inventory_levels_scope ON inventory_levels (tenant_id, location_id, product_id);
ALTER TABLE inventory_levels ENABLE ROW LEVEL SECURITY;
ALTER TABLE inventory_levels FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inventory_levels USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE lots (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  expiry_date DATE,
  note TEXT,
  marked_expired_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_lots PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_lots_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE INDEX ix_lots_expiry ON lots (tenant_id, expiry_date);
CREATE UNIQUE INDEX uq_lots_number ON lots (tenant_id, product_id, number);
CREATE UNIQUE INDEX uq_lots_product ON lots (tenant_id, product_id, id);
ALTER TABLE lots ENABLE ROW LEVEL SECURITY;
ALTER TABLE lots FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON lots USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE movement_history (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  direction TEXT NOT NULL,
  type TEXT NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C",
  occurred_on DATE NOT NULL,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  whole_day BOOLEAN NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  unit_cost NUMERIC(18, 6),
  unit_price NUMERIC(18, 6),
  reference TEXT,
  identity BYTEA NOT NULL,
  CONSTRAINT pk_movement_history PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_movement_history_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT ck_movement_history_direction_known CHECK (direction in ('DEMAND', 'SUPPLY'))
);
CREATE INDEX ix_movement_history_product ON movement_history (tenant_id, product_id, occurred_on);
CREATE UNIQUE INDEX uq_movement_history_identity ON movement_history (tenant_id, identity);
ALTER TABLE movement_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE movement_history FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON movement_history USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE product_packs (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  barcode TEXT COLLATE "C",
  CONSTRAINT pk_product_packs PRIMARY KEY (tenant_id, product_id, code),
  CONSTRAINT fk_product_packs_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT ck_product_packs_quantity_positive CHECK (quantity > 0)
);
CREATE UNIQUE INDEX uq_product_packs_barcode ON product_packs (tenant_id, barcode) WHERE barcode is not null;
ALTER TABLE product_packs ENABLE ROW LEVEL SECURITY;
ALTER TABLE product_packs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON product_packs USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE purchase_order_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  order_number TEXT COLLATE "C" NOT NULL,
  line_number INTEGER NOT NULL,
  vendor_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C",
  ordered_on DATE,
  due_on DATE,
  quantity NUMERIC(18, 6) NOT NULL,
  unit_price NUMERIC(18, 6),
  received NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  rejected NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  stocked NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  status TEXT DEFAULT 'APPROVED' NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_purchase_order_lines PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_purchase_order_lines_vendor_id_vendors FOREIGN KEY(tenant_id, vendor_id) REFERENCES vendors (tenant_id, id),
  CONSTRAINT fk_purchase_order_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_purchase_order_lines_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_purchase_order_lines_status_known CHECK (status in ('PENDING', 'APPROVED', 'REJECTED', 'COMPLETE')),
  CONSTRAINT ck_purchase_order_lines_quantity_not_negative CHECK (quantity >= 0 and quantity <> 'NaN'::numeric),
  CONSTRAINT ck_purchase_order_lines_received_not_negative CHECK (received >= 0 and received <> 'NaN'::numeric),
  CONSTRAINT ck_purchase_order_lines_rejected_not_negative CHECK (rejected >= 0 and rejected <> 'NaN'::numeric),
  CONSTRAINT ck_purchase_order_lines_stocked_not_negative CHECK (stocked >= 0 and stocked <> 'NaN'::numeric)
);
CREATE INDEX ix_purchase_order_lines_open ON purchase_order_lines (tenant_id, product_id) WHERE status in ('PENDING', 'APPROVED') and quantity > received;
CREATE INDEX ix_purchase_order_lines_product ON purchase_order_lines (tenant_id, product_id, location_id);
CREATE INDEX ix_purchase_order_lines_vendor ON purchase_order_lines (tenant_id, vendor_id);
CREATE UNIQUE INDEX uq_purchase_order_lines_number ON purchase_order_lines (tenant_id, order_number, line_number);
ALTER TABLE purchase_order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchase_order_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON purchase_order_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE put_away_rules (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT NOT NULL,
  strategy TEXT NOT NULL,
  priority BIGINT DEFAULT 0 NOT NULL,
  location_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C",
  category_id TEXT COLLATE "C",
  storage_class TEXT COLLATE "C",
  bin_id TEXT COLLATE "C",
  zone TEXT,
  active BOOLEAN DEFAULT true NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_put_away_rules PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_put_away_rules_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_put_away_rules_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_put_away_rules_category_id_categories FOREIGN KEY(tenant_id, category_id) REFERENCES categories (tenant_id, id),
  CONSTRAINT fk_put_away_rules_location_id_bins FOREIGN KEY(tenant_id, location_id, bin_id) REFERENCES bins (tenant_id, location_id, id),
  CONSTRAINT ck_put_away_rules_strategy_known CHECK (strategy in ('FIXED', 'LAST_USED', 'CONSOLIDATE', 'EMPTY_NEAREST', 'STORAGE_CLASS', 'BULK_OVERFLOW')),
  CONSTRAINT ck_put_away_rules_one_scope CHECK (product_id is null or category_id is null)
);
CREATE INDEX ix_put_away_rules_location ON put_away_rules (tenant_id, location_id);
ALTER TABLE put_away_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE put_away_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON put_away_rules USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE quota_uses (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  posting_id TEXT COLLATE "C" NOT NULL,
  channel_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  reference TEXT,
  quantity NUMERIC(18, 6) NOT NULL,
  from_quota NUMERIC(18, 6) NOT NULL,
  quota_id TEXT COLLATE "C" NOT NULL,
  quota_version BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_quota_uses PRIMARY KEY (tenant_id, posting_id, channel_id, location_id, product_id),
  CONSTRAINT fk_quota_uses_posting_id_postings FOREIGN KEY(tenant_id, posting_id) REFERENCES postings (tenant_id, id)
);
CREATE INDEX ix_quota_uses_sale ON quota_uses (tenant_id, channel_id, reference);
ALTER TABLE quota_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON quota_uses USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE replenishment_records (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  status TEXT DEFAULT 'PENDING' NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  source_location_id TEXT COLLATE "C",
  quantity NUMERIC(18, 6) NOT NULL,
  quantity_received NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  method TEXT,
  needed_by DATE,
  unit_cost NUMERIC(18, 6),
  reference TEXT,
  comment TEXT,
  transfer_id TEXT COLLATE "C",
  advice JSONB,
  created_by JSONB NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_replenishment_records PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_replenishment_records_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_replenishment_records_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_replenishment_records_source_location_id_locations FOREIGN KEY(tenant_id, source_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_replenishment_records_transfer_id_transfers FOREIGN KEY(tenant_id, transfer_id) REFERENCES transfers (tenant_id, id),
  CONSTRAINT ck_replenishment_records_quantities CHECK (quantity > 0 and quantity_received >= 0)
);
CREATE INDEX ix_replenishment_records_created ON replenishment_records (tenant_id, created_at, id);
CREATE INDEX ix_replenishment_records_location ON replenishment_records (tenant_id, location_id, created_at);
CREATE INDEX ix_replenishment_records_open ON replenishment_records (tenant_id, product_id, location_id) WHERE status in ('PENDING', 'APPROVED', 'ORDERED', 'PARTIALLY_RECEIVED');
CREATE UNIQUE INDEX uq_replenishment_records_number ON replenishment_records (tenant_id, number);
ALTER TABLE replenishment_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE replenishment_records FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON replenishment_records USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservation_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  header_id TEXT COLLATE "C" NOT NULL,
  number INTEGER NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  asked NUMERIC(18, 6) NOT NULL,
  reserved NUMERIC(18, 6) NOT NULL,
  consumed NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  released NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  expired NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  needed_on DATE,
  atp_before NUMERIC(18, 6) NOT NULL,
  version BIGINT DEFAULT 1 NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_reservation_lines PRIMARY KEY (tenant_id, header_id, number),
  CONSTRAINT fk_reservation_lines_header_id_reservation_headers FOREIGN KEY(tenant_id, header_id) REFERENCES reservation_headers (tenant_id, id),
  CONSTRAINT fk_reservation_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_reservation_lines_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT ck_reservation_lines_asked_positive CHECK (asked > 0),
  CONSTRAINT ck_reservation_lines_reserved_not_negative CHECK (reserved >= 0 and reserved <> 'NaN'::numeric),
  CONSTRAINT ck_reservation_lines_consumed_not_negative CHECK (consumed >= 0 and consumed <> 'NaN'::numeric),
  CONSTRAINT ck_reservation_lines_released_not_negative CHECK (released >= 0 and released <> 'NaN'::numeric),
  CONSTRAINT ck_reservation_lines_expired_not_negative CHECK (expired >= 0 and expired <> 'NaN'::numeric),
  CONSTRAINT ck_reservation_lines_resolved_once CHECK (consumed + released + expired <= reserved)
);
CREATE INDEX ix_reservation_lines_product ON reservation_lines (tenant_id, product_id, location_id);
ALTER TABLE reservation_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservation_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservation_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE stock_requests (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  number TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  status TEXT DEFAULT 'DRAFT' NOT NULL,
  priority TEXT DEFAULT 'NORMAL' NOT NULL,
  requesting_location_id TEXT COLLATE "C" NOT NULL,
  fulfilling_location_id TEXT COLLATE "C" NOT NULL,
  stocklist_id TEXT COLLATE "C",
  needed_by DATE,
  description TEXT,
  created_by JSONB NOT NULL,
  decided_by JSONB,
  status_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  submitted_at TIMESTAMP WITH TIME ZONE,
  decided_at TIMESTAMP WITH TIME ZONE,
  issued_at TIMESTAMP WITH TIME ZONE,
  received_at TIMESTAMP WITH TIME ZONE,
  closed_at TIMESTAMP WITH TIME ZONE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_stock_requests PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_stock_requests_requesting_location_id_locations FOREIGN KEY(tenant_id, requesting_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_stock_requests_fulfilling_location_id_locations FOREIGN KEY(tenant_id, fulfilling_location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_stock_requests_stocklist_id_stocklists FOREIGN KEY(tenant_id, stocklist_id) REFERENCES stocklists (tenant_id, id),
  CONSTRAINT ck_stock_requests_type_known CHECK (type in ('STOCK', 'ADHOC', 'E_REQUEST')),
  CONSTRAINT ck_stock_requests_status_known CHECK (status in ('DRAFT', 'SUBMITTED', 'APPROVED', 'ALLOCATED', 'ISSUED', 'RECEIVED', 'CLOSED', 'REJECTED', 'CANCELLED')),
  CONSTRAINT ck_stock_requests_priority_known CHECK (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
  CONSTRAINT ck_stock_requests_two_locations CHECK (requesting_location_id <> fulfilling_location_id),
  CONSTRAINT ck_stock_requests_has_stocklist CHECK (type <> 'E_REQUEST' or stocklist_id is not null)
);
CREATE INDEX ix_stock_requests_created ON stock_requests (tenant_id, created_at, id);
CREATE INDEX ix_stock_requests_fulfilling ON stock_requests (tenant_id, fulfilling_location_id, created_at, id);
CREATE INDEX ix_stock_requests_requesting ON stock_requests (tenant_id, requesting_location_id, created_at, id);
CREATE INDEX ix_stock_requests_status ON stock_requests (tenant_id, status, created_at, id);
CREATE INDEX ix_stock_requests_stocklist ON stock_requests (tenant_id, stocklist_id, created_at) WHERE stocklist_id is not null;
CREATE UNIQUE INDEX uq_stock_requests_number ON stock_requests (tenant_id, number);
ALTER TABLE stock_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE stock_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stock_requests USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE stocklist_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  stocklist_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  max_quantity NUMERIC(18, 6) NOT NULL,
  pack_size NUMERIC(18, 6) DEFAULT 1 NOT NULL,
  CONSTRAINT pk_stocklist_lines PRIMARY KEY (tenant_id, stocklist_id, product_id),
  CONSTRAINT fk_stocklist_lines_stocklist_id_stocklists FOREIGN KEY(tenant_id, stocklist_id) REFERENCES stocklists (tenant_id, id),
  CONSTRAINT fk_stocklist_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT ck_stocklist_lines_quantities CHECK (max_quantity > 0 and pack_size > 0)
);
CREATE INDEX ix_stocklist_lines_product ON stocklist_lines (tenant_id, product_id);
ALTER TABLE stocklist_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE stocklist_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stocklist_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE vendor_products (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  vendor_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  lead_time_days BIGINT,
  min_order_quantity NUMERIC(18, 6),
  max_order_quantity NUMERIC(18, 6),
  on_order_quantity NUMERIC(18, 6),
  standard_price NUMERIC(18, 6),
  order_unit TEXT,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_vendor_products PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_vendor_products_vendor_id_vendors FOREIGN KEY(tenant_id, vendor_id) REFERENCES vendors (tenant_id, id),
  CONSTRAINT fk_vendor_products_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE INDEX ix_vendor_products_product ON vendor_products (tenant_id, product_id);
CREATE UNIQUE INDEX uq_vendor_products_scope ON vendor_products (tenant_id, vendor_id, product_id);
ALTER TABLE vendor_products ENABLE ROW LEVEL SECURITY;
ALTER TABLE vendor_products FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON vendor_products USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE inventory_items (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  bin_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  on_hand NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  reserved NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  version BIGINT DEFAULT 0 NOT NULL,
  entry_count BIGINT DEFAULT 0 NOT NULL,
  adjustment_count BIGINT DEFAULT 0 NOT NULL,
  marked_expired_at TIMESTAMP WITH TIME ZONE,
  last_counted_at TIMESTAMP WITH TIME ZONE,
  last_occurred_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_inventory_items PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_inventory_items_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_inventory_items_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_inventory_items_location_id_bins FOREIGN KEY(tenant_id, location_id, bin_id) REFERENCES bins (tenant_id, location_id, id),
  CONSTRAINT fk_inventory_items_product_id_lots FOREIGN KEY(tenant_id, product_id, lot_id) REFERENCES lots (tenant_id, product_id, id),
  CONSTRAINT ck_inventory_items_on_hand_not_negative CHECK (on_hand >= 0 and on_hand <> 'NaN'::numeric),
  CONSTRAINT ck_inventory_items_reserved_not_negative CHECK (reserved >= 0 and reserved <> 'NaN'::numeric)
)
 WITH (fillfactor = 85);
CREATE INDEX ix_inventory_items_bin ON inventory_items (tenant_id, bin_id) WHERE bin_id is not null;
CREATE INDEX ix_inventory_items_location ON inventory_items (tenant_id, location_id, id);
CREATE INDEX ix_inventory_items_lot ON inventory_items (tenant_id, lot_id) WHERE lot_id is not null;
CREATE INDEX ix_inventory_items_product ON inventory_items (tenant_id, product_id, location_id);
CREATE UNIQUE INDEX uq_inventory_items_bucket ON inventory_items (tenant_id, location_id, product_id, bin_id, lot_id) NULLS NOT DISTINCT;
ALTER TABLE inventory_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE inventory_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON inventory_items USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE stock_request_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  substitute_product_id TEXT COLLATE "C",
  substitution_reason TEXT,
  requested NUMERIC(18, 6) NOT NULL,
  approved NUMERIC(18, 6),
  allocated NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  issued NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  received NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  lost NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  comment TEXT,
  decision_comment TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_stock_request_lines PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_stock_request_lines_request_id_stock_requests FOREIGN KEY(tenant_id, request_id) REFERENCES stock_requests (tenant_id, id),
  CONSTRAINT fk_stock_request_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_stock_request_lines_substitute_product_id_products FOREIGN KEY(tenant_id, substitute_product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT ck_stock_request_lines_requested_above_zero CHECK (requested > 0),
  CONSTRAINT ck_stock_request_lines_quantities CHECK (allocated >= 0 and issued >= 0 and received >= 0 and lost >= 0 and received + lost <= issued and allocated + issued <= coalesce(approved, 0))
);
CREATE INDEX ix_stock_request_lines_product ON stock_request_lines (tenant_id, product_id, request_id);
CREATE UNIQUE INDEX uq_stock_request_lines_product ON stock_request_lines (tenant_id, request_id, product_id);
ALTER TABLE stock_request_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE stock_request_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stock_request_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE availability_records (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  bin_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  on_hand NUMERIC(18, 6) NOT NULL,
  available NUMERIC(18, 6) NOT NULL,
  on_hold NUMERIC(18, 6) NOT NULL,
  picked NUMERIC(18, 6) NOT NULL,
  recalled NUMERIC(18, 6) NOT NULL,
  expired NUMERIC(18, 6) NOT NULL,
  status TEXT NOT NULL,
  drift NUMERIC(18, 6) NOT NULL,
  comment TEXT,
  recorded_by JSONB NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_availability_records PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_availability_records_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id)
);
CREATE INDEX ix_availability_records_item ON availability_records (tenant_id, inventory_item_id, recorded_at, id);
ALTER TABLE availability_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE availability_records FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON availability_records USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE count_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  count_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  inventory_item_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  bin_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  abc_class TEXT,
  status TEXT DEFAULT 'PENDING' NOT NULL,
  counted_qty NUMERIC(18, 6),
  counted_at TIMESTAMP WITH TIME ZONE,
  counted_by JSONB,
  count_times INTEGER DEFAULT 0 NOT NULL,
  notes TEXT,
  expected_qty NUMERIC(18, 6),
  resolved_qty NUMERIC(18, 6),
  unit_cost NUMERIC(18, 6),
  within_tolerance BOOLEAN,
  resolution TEXT,
  resolved_by JSONB,
  resolved_at TIMESTAMP WITH TIME ZONE,
  reason_code_id TEXT COLLATE "C",
  comment TEXT,
  posting_id TEXT COLLATE "C",
  approved_by JSONB,
  approved_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_count_lines PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_count_lines_count_id_cycle_counts FOREIGN KEY(tenant_id, count_id) REFERENCES cycle_counts (tenant_id, id),
  CONSTRAINT fk_count_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_count_lines_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_count_lines_location_id_bins FOREIGN KEY(tenant_id, location_id, bin_id) REFERENCES bins (tenant_id, location_id, id),
  CONSTRAINT fk_count_lines_product_id_lots FOREIGN KEY(tenant_id, product_id, lot_id) REFERENCES lots (tenant_id, product_id, id),
  CONSTRAINT fk_count_lines_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_count_lines_reason_code_id_reason_codes FOREIGN KEY(tenant_id, reason_code_id) REFERENCES reason_codes (tenant_id, id),
  CONSTRAINT fk_count_lines_posting_id_postings FOREIGN KEY(tenant_id, posting_id) REFERENCES postings (tenant_id, id),
  CONSTRAINT ck_count_lines_status_known CHECK (status in ('PENDING', 'COUNTED', 'WITHIN_TOLERANCE', 'RECOUNT_REQUIRED', 'RESOLVED', 'SKIPPED')),
  CONSTRAINT ck_count_lines_resolution_known CHECK (resolution in ('ACCEPT', 'ADJUST_TO', 'REJECT')),
  CONSTRAINT ck_count_lines_resolved_whole CHECK ((status = 'RESOLVED') = (resolution is not null and expected_qty is not null)),
  CONSTRAINT ck_count_lines_counted_qty_not_negative CHECK (counted_qty >= 0 and counted_qty <> 'NaN'::numeric),
  CONSTRAINT ck_count_lines_resolved_qty_not_negative CHECK (resolved_qty >= 0 and resolved_qty <> 'NaN'::numeric)
);
CREATE INDEX ix_count_lines_item ON count_lines (tenant_id, inventory_item_id, counted_at) WHERE inventory_item_id is not null;
CREATE INDEX ix_count_lines_ordinal ON count_lines (tenant_id, count_id, ordinal);
CREATE INDEX ix_count_lines_product ON count_lines (tenant_id, product_id, location_id);
CREATE UNIQUE INDEX uq_count_lines_bucket ON count_lines (tenant_id, count_id, product_id, bin_id, lot_id) NULLS NOT DISTINCT;
ALTER TABLE count_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE count_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON count_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE fefo_breaches (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  posting_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  passed_over_id TEXT COLLATE "C" NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  expiry_date DATE,
  passed_over_expiry_date DATE NOT NULL,
  CONSTRAINT pk_fefo_breaches PRIMARY KEY (tenant_id, posting_id, ordinal),
  CONSTRAINT fk_fefo_breaches_posting_id_postings FOREIGN KEY(tenant_id, posting_id) REFERENCES postings (tenant_id, id),
  CONSTRAINT fk_fefo_breaches_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_fefo_breaches_passed_over_id_inventory_items FOREIGN KEY(tenant_id, passed_over_id) REFERENCES inventory_items (tenant_id, id)
);
ALTER TABLE fefo_breaches ENABLE ROW LEVEL SECURITY;
ALTER TABLE fefo_breaches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON fefo_breaches USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE former_marks (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_former_marks PRIMARY KEY (tenant_id, inventory_item_id, marked_at, ended_at),
  CONSTRAINT fk_former_marks_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id)
);
ALTER TABLE former_marks ENABLE ROW LEVEL SECURITY;
ALTER TABLE former_marks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON former_marks USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE holds (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  state TEXT DEFAULT 'ACTIVE' NOT NULL,
  scope TEXT NOT NULL,
  scope_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C",
  location_id TEXT COLLATE "C",
  lot_id TEXT COLLATE "C",
  bin_id TEXT COLLATE "C",
  inventory_item_id TEXT COLLATE "C",
  quantity NUMERIC(18, 6),
  quantity_released NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  reason TEXT NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  created_by JSONB NOT NULL,
  released_by JSONB,
  released_at TIMESTAMP WITH TIME ZONE,
  release_reason TEXT,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_holds PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_holds_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_holds_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_holds_lot_id_lots FOREIGN KEY(tenant_id, lot_id) REFERENCES lots (tenant_id, id),
  CONSTRAINT fk_holds_bin_id_bins FOREIGN KEY(tenant_id, bin_id) REFERENCES bins (tenant_id, id),
  CONSTRAINT fk_holds_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT ck_holds_type_known CHECK (type in ('QUALITY', 'RECALL', 'DAMAGE', 'LEGAL', 'COUNT', 'OTHER')),
  CONSTRAINT ck_holds_state_known CHECK (state in ('ACTIVE', 'RELEASED', 'EXPIRED')),
  CONSTRAINT ck_holds_scope_known CHECK (scope in ('ITEM', 'LOT', 'BIN', 'QUANTITY')),
  CONSTRAINT ck_holds_quantities CHECK (quantity_released >= 0 and (quantity is null and quantity_released = 0 or quantity > 0 and quantity_released <= quantity)),
  CONSTRAINT ck_holds_quantity_has_place CHECK (scope <> 'QUANTITY' or quantity is not null and product_id is not null and location_id is not null)
);
CREATE INDEX ix_holds_active ON holds (tenant_id, scope_id) WHERE state = 'ACTIVE';
CREATE INDEX ix_holds_expiring ON holds (tenant_id, expires_at) WHERE state = 'ACTIVE' and expires_at is not null;
ALTER TABLE holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON holds USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE ledger_entries (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  posting_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  sequence BIGINT NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  delta NUMERIC(18, 6) NOT NULL,
  quantity_after NUMERIC(18, 6) NOT NULL,
  reason_code_id TEXT COLLATE "C",
  unit_cost NUMERIC(18, 6),
  unit_price NUMERIC(18, 6),
  channel_id TEXT COLLATE "C",
  reference TEXT,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  is_backdated BOOLEAN DEFAULT false NOT NULL,
  CONSTRAINT pk_ledger_entries PRIMARY KEY (tenant_id, posting_id, ordinal),
  CONSTRAINT fk_ledger_entries_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id)
);
CREATE INDEX ix_ledger_entries_backdated ON ledger_entries (tenant_id, inventory_item_id, sequence) WHERE is_backdated;
CREATE INDEX ix_ledger_entries_item ON ledger_entries (tenant_id, inventory_item_id, occurred_at, sequence);
CREATE INDEX ix_ledger_entries_product ON ledger_entries (tenant_id, product_id, location_id, occurred_at);
ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_entries USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE put_away_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  task_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  status TEXT DEFAULT 'PENDING' NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  lot_id TEXT COLLATE "C",
  source_bin_id TEXT COLLATE "C",
  quantity NUMERIC(18, 6) NOT NULL,
  put_quantity NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  suggested_bin_id TEXT COLLATE "C",
  bin_id TEXT COLLATE "C",
  strategy TEXT,
  rule_id TEXT COLLATE "C",
  rejected JSONB DEFAULT '[]' NOT NULL,
  CONSTRAINT pk_put_away_lines PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_put_away_lines_task_id_put_away_tasks FOREIGN KEY(tenant_id, task_id) REFERENCES put_away_tasks (tenant_id, id),
  CONSTRAINT fk_put_away_lines_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_put_away_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_put_away_lines_bin_id_bins FOREIGN KEY(tenant_id, bin_id) REFERENCES bins (tenant_id, id),
  CONSTRAINT fk_put_away_lines_suggested_bin_id_bins FOREIGN KEY(tenant_id, suggested_bin_id) REFERENCES bins (tenant_id, id),
  CONSTRAINT ck_put_away_lines_status_known CHECK (status in ('PENDING', 'PICKED', 'DONE', 'SHORT')),
  CONSTRAINT ck_put_away_lines_quantities CHECK (quantity > 0 and put_quantity between 0 and quantity)
);
CREATE INDEX ix_put_away_lines_item ON put_away_lines (tenant_id, inventory_item_id) WHERE status in ('PENDING', 'PICKED');
CREATE UNIQUE INDEX uq_put_away_lines_ordinal ON put_away_lines (tenant_id, task_id, ordinal);
ALTER TABLE put_away_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE put_away_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON put_away_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE reservations (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  state TEXT DEFAULT 'ACTIVE' NOT NULL,
  channel_id TEXT COLLATE "C",
  product_id TEXT COLLATE "C" NOT NULL,
  location_id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C",
  header_id TEXT COLLATE "C",
  line_number INTEGER,
  quantity NUMERIC(18, 6) NOT NULL,
  from_quota NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  reference TEXT,
  expires_at TIMESTAMP WITH TIME ZONE,
  needed_on DATE,
  version BIGINT DEFAULT 1 NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  valid_from TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_reservations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_reservations_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_reservations_location_id_locations FOREIGN KEY(tenant_id, location_id) REFERENCES locations (tenant_id, id),
  CONSTRAINT fk_reservations_channel_id_channels FOREIGN KEY(tenant_id, channel_id) REFERENCES channels (tenant_id, id),
  CONSTRAINT fk_reservations_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_reservations_header_id_reservation_lines FOREIGN KEY(tenant_id, header_id, line_number) REFERENCES reservation_lines (tenant_id, header_id, number),
  CONSTRAINT ck_reservations_kind_known CHECK (kind in ('HARD', 'SOFT')),
  CONSTRAINT ck_reservations_state_known CHECK (state in ('ACTIVE', 'CONSUMED', 'RELEASED', 'EXPIRED')),
  CONSTRAINT ck_reservations_hard_has_item CHECK ((kind = 'HARD') = (inventory_item_id is not null)),
  CONSTRAINT ck_reservations_quantities CHECK (quantity > 0 and from_quota between 0 and quantity)
);
CREATE INDEX ix_reservations_active ON reservations (tenant_id, location_id, product_id) WHERE state = 'ACTIVE';
CREATE INDEX ix_reservations_later ON reservations (tenant_id) WHERE state = 'ACTIVE' and needed_on is not null;
CREATE INDEX ix_reservations_line ON reservations (tenant_id, header_id, line_number) WHERE header_id is not null;
ALTER TABLE reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE reservations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reservations USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE stock_request_allocations (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  reservation_id TEXT COLLATE "C" NOT NULL,
  request_id TEXT COLLATE "C" NOT NULL,
  line_id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  transfer_id TEXT COLLATE "C",
  CONSTRAINT pk_stock_request_allocations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_stock_request_allocations_line_id_stock_request_lines FOREIGN KEY(tenant_id, line_id) REFERENCES stock_request_lines (tenant_id, id),
  CONSTRAINT fk_stock_request_allocations_request_id_stock_requests FOREIGN KEY(tenant_id, request_id) REFERENCES stock_requests (tenant_id, id),
  CONSTRAINT fk_stock_request_allocations_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_stock_request_allocations_transfer_id_transfers FOREIGN KEY(tenant_id, transfer_id) REFERENCES transfers (tenant_id, id),
  CONSTRAINT ck_stock_request_allocations_quantity_above_zero CHECK (quantity > 0)
);
CREATE INDEX ix_stock_request_allocations_request ON stock_request_allocations (tenant_id, request_id);
ALTER TABLE stock_request_allocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE stock_request_allocations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON stock_request_allocations USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE transfer_lines (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  transfer_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  product_id TEXT COLLATE "C" NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  lot_id TEXT COLLATE "C",
  source_bin_id TEXT COLLATE "C",
  inventory_item_id TEXT COLLATE "C",
  dest_bin_id TEXT COLLATE "C",
  picked NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  shipped NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  received NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  damaged NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  short NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  returned NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  CONSTRAINT pk_transfer_lines PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_transfer_lines_transfer_id_transfers FOREIGN KEY(tenant_id, transfer_id) REFERENCES transfers (tenant_id, id),
  CONSTRAINT fk_transfer_lines_product_id_products FOREIGN KEY(tenant_id, product_id) REFERENCES products (tenant_id, id),
  CONSTRAINT fk_transfer_lines_product_id_lots FOREIGN KEY(tenant_id, product_id, lot_id) REFERENCES lots (tenant_id, product_id, id),
  CONSTRAINT fk_transfer_lines_source_bin_id_bins FOREIGN KEY(tenant_id, source_bin_id) REFERENCES bins (tenant_id, id),
  CONSTRAINT fk_transfer_lines_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_transfer_lines_dest_bin_id_bins FOREIGN KEY(tenant_id, dest_bin_id) REFERENCES bins (tenant_id, id),
  CONSTRAINT ck_transfer_lines_quantity_positive CHECK (quantity > 0),
  CONSTRAINT ck_transfer_lines_picked_not_negative CHECK (picked >= 0 and picked <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_shipped_not_negative CHECK (shipped >= 0 and shipped <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_received_not_negative CHECK (received >= 0 and received <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_damaged_not_negative CHECK (damaged >= 0 and damaged <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_short_not_negative CHECK (short >= 0 and short <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_returned_not_negative CHECK (returned >= 0 and returned <> 'NaN'::numeric),
  CONSTRAINT ck_transfer_lines_nothing_from_nowhere CHECK (shipped <= quantity and received + damaged + short + returned <= shipped)
);
CREATE INDEX ix_transfer_lines_product ON transfer_lines (tenant_id, product_id, transfer_id);
CREATE UNIQUE INDEX uq_transfer_lines_ordinal ON transfer_lines (tenant_id, transfer_id, ordinal);
ALTER TABLE transfer_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transfer_lines USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE count_takes (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  line_id TEXT COLLATE "C" NOT NULL,
  ordinal INTEGER NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  counted_by JSONB NOT NULL,
  notes TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_count_takes PRIMARY KEY (tenant_id, line_id, ordinal),
  CONSTRAINT fk_count_takes_line_id_count_lines FOREIGN KEY(tenant_id, line_id) REFERENCES count_lines (tenant_id, id),
  CONSTRAINT ck_count_takes_quantity_not_negative CHECK (quantity >= 0 and quantity <> 'NaN'::numeric)
);
ALTER TABLE count_takes ENABLE ROW LEVEL SECURITY;
ALTER TABLE count_takes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON count_takes USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE transfer_allocations (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  transfer_id TEXT COLLATE "C" NOT NULL,
  line_id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  reservation_id TEXT COLLATE "C" NOT NULL,
  quantity NUMERIC(18, 6) NOT NULL,
  picked NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  shipped NUMERIC(18, 6) DEFAULT 0 NOT NULL,
  passed_over_id TEXT COLLATE "C",
  override_reason TEXT,
  CONSTRAINT pk_transfer_allocations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_transfer_allocations_transfer_id_transfers FOREIGN KEY(tenant_id, transfer_id) REFERENCES transfers (tenant_id, id),
  CONSTRAINT fk_transfer_allocations_line_id_transfer_lines FOREIGN KEY(tenant_id, line_id) REFERENCES transfer_lines (tenant_id, id),
  CONSTRAINT fk_transfer_allocations_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT fk_transfer_allocations_reservation_id_reservations FOREIGN KEY(tenant_id, reservation_id) REFERENCES reservations (tenant_id, id),
  CONSTRAINT ck_transfer_allocations_quantities CHECK (picked between 0 and quantity and shipped between 0 and quantity)
);
CREATE INDEX ix_transfer_allocations_item ON transfer_allocations (tenant_id, inventory_item_id);
CREATE INDEX ix_transfer_allocations_transfer ON transfer_allocations (tenant_id, transfer_id);
ALTER TABLE transfer_allocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer_allocations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transfer_allocations USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());

CREATE TABLE transit_entries (
  tenant_id UUID DEFAULT nullif(current_setting('app.tenant_id', true), '')::uuid NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  transfer_id TEXT COLLATE "C" NOT NULL,
  line_id TEXT COLLATE "C" NOT NULL,
  inventory_item_id TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  delta NUMERIC(18, 6) NOT NULL,
  posting_id TEXT COLLATE "C",
  created_at TIMESTAMP WITH TIME ZONE DEFAULT stock_now() NOT NULL,
  CONSTRAINT pk_transit_entries PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_transit_entries_transfer_id_transfers FOREIGN KEY(tenant_id, transfer_id) REFERENCES transfers (tenant_id, id),
  CONSTRAINT fk_transit_entries_line_id_transfer_lines FOREIGN KEY(tenant_id, line_id) REFERENCES transfer_lines (tenant_id, id),
  CONSTRAINT fk_transit_entries_inventory_item_id_inventory_items FOREIGN KEY(tenant_id, inventory_item_id) REFERENCES inventory_items (tenant_id, id),
  CONSTRAINT ck_transit_entries_kind_has_sign CHECK (kind = 'SHIPPED' and delta > 0 or kind in ('RECEIVED', 'DAMAGED', 'SHORT', 'RETURNED') and delta < 0),
  CONSTRAINT ck_transit_entries_moves_have_posting CHECK ((kind = 'SHORT') = (posting_id is null))
);
CREATE INDEX ix_transit_entries_posting ON transit_entries (tenant_id, posting_id) WHERE posting_id is not null;
CREATE INDEX ix_transit_entries_transfer ON transit_entries (tenant_id, transfer_id);
ALTER TABLE transit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE transit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transit_entries USING (tenant_id = stock_tenant()) WITH CHECK (tenant_id = stock_tenant());
