-- The state's contractor licences, partitioned by region, and everything the import needs to be repeatable, resumable and
-- undoable.

CREATE TABLE import_runs (
    id uuid PRIMARY KEY,
    bucket text NOT NULL,
    object_key text NOT NULL,
    object_version text NOT NULL DEFAULT '',
    sequencer text NOT NULL DEFAULT '',
    etag text,
    object_bytes bigint CHECK (object_bytes >= 0),
    uploaded_at timestamptz,
    as_of date,
    state text NOT NULL DEFAULT 'QUEUED'
        CHECK (state IN ('QUEUED', 'LOADING', 'MERGING', 'COMPLETED', 'FAILED', 'UNDONE')),
    dry_run boolean NOT NULL DEFAULT false,
    format text CHECK (format IN ('LICENSE_MASTER', 'COUNTY_LIST')),
    byte_offset bigint NOT NULL DEFAULT 0 CHECK (byte_offset >= 0),
    line_number bigint NOT NULL DEFAULT 0 CHECK (line_number >= 0),
    rows_read bigint NOT NULL DEFAULT 0,
    rows_staged bigint NOT NULL DEFAULT 0,
    rows_seen bigint NOT NULL DEFAULT 0,
    rows_inserted bigint NOT NULL DEFAULT 0,
    rows_updated bigint NOT NULL DEFAULT 0,
    rows_unchanged bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    rows_removed bigint NOT NULL DEFAULT 0,
    rows_restored bigint NOT NULL DEFAULT 0,
    removals_refused bigint NOT NULL DEFAULT 0,
    warnings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(warnings) = 'object'),
    notes text[] NOT NULL DEFAULT '{}',
    error text,
    invocations integer NOT NULL DEFAULT 0,
    heartbeat_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    duration_ms bigint CHECK (duration_ms >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT import_runs_one_per_event UNIQUE (bucket, object_key, object_version, sequencer)
);
COMMENT ON TABLE import_runs IS 'One run for each uploaded object: its progress, its checkpoint and its outcome.';
COMMENT ON COLUMN import_runs.sequencer IS 'S3''s own order of events for one key; empty when the event had none.';
COMMENT ON COLUMN import_runs.as_of IS 'The file''s LastUpdate, which is the same on every row and so no row''s business.';
COMMENT ON COLUMN import_runs.byte_offset IS 'Where the next invocation goes on reading: the first byte not yet staged.';
COMMENT ON COLUMN import_runs.removals_refused IS 'Rows that were missing from the file but not marked, since the file looked cut.';
CREATE INDEX import_runs_recent ON import_runs (created_at DESC, id);
CREATE INDEX import_runs_unfinished ON import_runs (created_at) WHERE state IN ('QUEUED', 'LOADING', 'MERGING');

CREATE TABLE import_rejects (
    import_id uuid NOT NULL REFERENCES import_runs ON DELETE CASCADE,
    line bigint NOT NULL,
    reason text NOT NULL,
    record text NOT NULL,
    PRIMARY KEY (import_id, line)
);
COMMENT ON TABLE import_rejects IS 'Records that could not be taken, as they stood in the file (the first 4 KB of each).';

CREATE TABLE licences (
    license_number text PRIMARY KEY CHECK (license_number ~ '^[0-9]{1,12}$'),
    region text NOT NULL CHECK (region IN ('NORTH', 'SOUTH', 'OUT_OF_STATE')),
    source_fingerprint uuid,
    first_import_id uuid,
    CONSTRAINT licences_region_key UNIQUE (license_number, region)
);
COMMENT ON TABLE licences IS
    'Every licence once, whatever its region: the one foreign-key target for a contractor, and the way the merge goes.';
COMMENT ON COLUMN licences.source_fingerprint IS
    'Hash of the normalised source row; NULL makes the next import compare and write the row again.';

CREATE TABLE california_contractors (
    license_number text NOT NULL,
    region text NOT NULL,
    business_name text NOT NULL CHECK (business_name <> ''),
    full_business_name text,
    dba_name text,
    business_type text CHECK (
        business_type IN ('SOLE_OWNER', 'CORPORATION', 'PARTNERSHIP', 'LIMITED_LIABILITY', 'JOINT_VENTURE')),
    address text,
    city text,
    state text,
    county text,
    zip_code text,
    country text,
    phone text CHECK (phone ~ '^\+[0-9]{8,15}$'),
    issue_date date,
    reissue_date date,
    expiration_date date,
    inactivation_date date,
    reactivation_date date,
    pending_suspension text,
    pending_class_removal text,
    pending_class_replace text,
    primary_status text NOT NULL,
    secondary_status text,
    in_good_standing boolean NOT NULL,
    classifications text[] NOT NULL DEFAULT '{}',
    asbestos_registration text,
    wc_coverage_type text,
    wc_insurance_company text,
    wc_policy_number text,
    wc_effective_date date,
    wc_expiration_date date,
    wc_cancellation_date date,
    wc_suspend_date date,
    cb_surety_company text,
    cb_number text,
    cb_effective_date date,
    cb_cancellation_date date,
    cb_amount_cents bigint CHECK (cb_amount_cents >= 0),
    wb_surety_company text,
    wb_number text,
    wb_effective_date date,
    wb_cancellation_date date,
    wb_amount_cents bigint CHECK (wb_amount_cents >= 0),
    db_surety_company text,
    db_number text,
    db_effective_date date,
    db_cancellation_date date,
    db_amount_cents bigint CHECK (db_amount_cents >= 0),
    date_required date,
    discp_case_region text,
    db_bond_reason text,
    db_case_no text,
    name_tp_2 text,
    coordinates geography (Point, 4326),
    is_namc_member boolean NOT NULL DEFAULT false,
    outreach_status text NOT NULL DEFAULT 'NEW' CHECK (
        outreach_status IN ('NEW', 'CONTACTED', 'INTERESTED', 'NOT_INTERESTED', 'JOINED', 'DO_NOT_CONTACT')),
    outreach_notes text,
    outreach_updated_at timestamptz,
    outreach_updated_by uuid,
    removed_from_source_on date,
    first_import_id uuid,
    last_import_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    display_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (COALESCE(full_business_name, business_name)) STORED,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        -- One call of to_tsvector for each weight: a call costs as much as the words in it. The licence number is not a word: it
        -- would be one more entry of the index for every row, and is found by the primary key.
        setweight(to_tsvector('public.portal_names', business_name
            || CASE WHEN full_business_name <> business_name THEN ' ' || full_business_name ELSE '' END
            || COALESCE(' ' || dba_name, '')), 'A')
        || setweight(to_tsvector('public.portal_names', app.words(classifications)
            || ' ' || COALESCE(city, '') || ' ' || COALESCE(county, '')), 'C')
    ) STORED,
    PRIMARY KEY (license_number, region),
    -- A licence has one row in licences, so a contractor can stand in one partition only; a change of region there moves it.
    CONSTRAINT california_contractors_licence FOREIGN KEY (license_number, region)
        REFERENCES licences (license_number, region) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
) PARTITION BY LIST (region);
COMMENT ON TABLE california_contractors IS
    'Contractor licences as the state publishes them (public record), with the association''s own outreach beside them.';
COMMENT ON COLUMN california_contractors.business_name IS 'As published: surname first for sole owners.';
COMMENT ON COLUMN california_contractors.display_name IS 'The name to show: the full business name where the state gives one.';
COMMENT ON COLUMN california_contractors.classifications IS 'Normalised licence classes, such as B, C-10, D-3, HAZ.';
COMMENT ON COLUMN california_contractors.coordinates IS 'The centroid of the ZIP code; NULL outside California.';
COMMENT ON COLUMN california_contractors.removed_from_source_on IS
    'When the licence was first missing from the state''s file (revoked or cancelled); rows are never deleted.';
COMMENT ON COLUMN california_contractors.last_import_id IS 'The import that last wrote this row.';

CREATE TABLE california_contractors_north PARTITION OF california_contractors FOR VALUES IN ('NORTH');
CREATE TABLE california_contractors_south PARTITION OF california_contractors FOR VALUES IN ('SOUTH');
CREATE TABLE california_contractors_out_of_state PARTITION OF california_contractors FOR VALUES IN ('OUT_OF_STATE');

-- No query filters or sorts by these, and statistics of them would be most of what ANALYZE costs after an import.
ALTER TABLE california_contractors
    ALTER address SET STATISTICS 0,
    ALTER business_type SET STATISTICS 0,
    ALTER country SET STATISTICS 0,
    ALTER phone SET STATISTICS 0,
    ALTER issue_date SET STATISTICS 0,
    ALTER reissue_date SET STATISTICS 0,
    ALTER expiration_date SET STATISTICS 0,
    ALTER inactivation_date SET STATISTICS 0,
    ALTER reactivation_date SET STATISTICS 0,
    ALTER pending_suspension SET STATISTICS 0,
    ALTER pending_class_removal SET STATISTICS 0,
    ALTER pending_class_replace SET STATISTICS 0,
    ALTER secondary_status SET STATISTICS 0,
    ALTER asbestos_registration SET STATISTICS 0,
    ALTER wc_coverage_type SET STATISTICS 0,
    ALTER wc_insurance_company SET STATISTICS 0,
    ALTER wc_policy_number SET STATISTICS 0,
    ALTER wc_effective_date SET STATISTICS 0,
    ALTER wc_expiration_date SET STATISTICS 0,
    ALTER wc_cancellation_date SET STATISTICS 0,
    ALTER wc_suspend_date SET STATISTICS 0,
    ALTER cb_surety_company SET STATISTICS 0,
    ALTER cb_number SET STATISTICS 0,
    ALTER cb_effective_date SET STATISTICS 0,
    ALTER cb_cancellation_date SET STATISTICS 0,
    ALTER cb_amount_cents SET STATISTICS 0,
    ALTER wb_surety_company SET STATISTICS 0,
    ALTER wb_number SET STATISTICS 0,
    ALTER wb_effective_date SET STATISTICS 0,
    ALTER wb_cancellation_date SET STATISTICS 0,
    ALTER wb_amount_cents SET STATISTICS 0,
    ALTER db_surety_company SET STATISTICS 0,
    ALTER db_number SET STATISTICS 0,
    ALTER db_effective_date SET STATISTICS 0,
    ALTER db_cancellation_date SET STATISTICS 0,
    ALTER db_amount_cents SET STATISTICS 0,
    ALTER date_required SET STATISTICS 0,
    ALTER discp_case_region SET STATISTICS 0,
    ALTER db_bond_reason SET STATISTICS 0,
    ALTER db_case_no SET STATISTICS 0,
    ALTER name_tp_2 SET STATISTICS 0,
    ALTER outreach_notes SET STATISTICS 0,
    ALTER last_import_id SET STATISTICS 0,
    ALTER created_at SET STATISTICS 0,
    ALTER updated_at SET STATISTICS 0,
    ALTER version SET STATISTICS 0;

-- Each serves a filter or an order of GET /v1/contractors; a test explains them.
CREATE INDEX california_contractors_coordinates ON california_contractors USING gist (coordinates);
CREATE INDEX california_contractors_search ON california_contractors USING gin (search);
CREATE INDEX california_contractors_name ON california_contractors (display_name, license_number);
CREATE INDEX california_contractors_city ON california_contractors (lower(city), display_name, license_number);
CREATE INDEX california_contractors_county ON california_contractors (lower(county), display_name, license_number);
CREATE INDEX california_contractors_classifications ON california_contractors USING gin (classifications);
CREATE INDEX california_contractors_outreach_by ON california_contractors (outreach_updated_by)
    WHERE outreach_updated_by IS NOT NULL;

CREATE TABLE import_changes (
    import_id uuid NOT NULL REFERENCES import_runs ON DELETE CASCADE,
    license_number text NOT NULL REFERENCES licences ON DELETE CASCADE,
    operation text NOT NULL CHECK (operation IN ('UPDATE', 'REMOVE')),
    before jsonb NOT NULL,
    PRIMARY KEY (import_id, license_number)
);
COMMENT ON TABLE import_changes IS 'How a row stood before an import changed it, from which the import can be undone.';
CREATE INDEX import_changes_licence ON import_changes (license_number);

-- Unlogged: a crash of the server empties both, and a run that finds them shorter than its record starts over.
CREATE UNLOGGED TABLE import_staging (
    import_id uuid NOT NULL,
    line bigint NOT NULL,
    license_number text NOT NULL,
    region text NOT NULL,
    business_name text NOT NULL,
    full_business_name text,
    dba_name text,
    business_type text,
    address text,
    city text,
    state text,
    county text,
    zip_code text,
    country text,
    phone text,
    issue_date date,
    reissue_date date,
    expiration_date date,
    inactivation_date date,
    reactivation_date date,
    pending_suspension text,
    pending_class_removal text,
    pending_class_replace text,
    primary_status text NOT NULL,
    secondary_status text,
    in_good_standing boolean NOT NULL,
    classifications text[] NOT NULL,
    asbestos_registration text,
    wc_coverage_type text,
    wc_insurance_company text,
    wc_policy_number text,
    wc_effective_date date,
    wc_expiration_date date,
    wc_cancellation_date date,
    wc_suspend_date date,
    cb_surety_company text,
    cb_number text,
    cb_effective_date date,
    cb_cancellation_date date,
    cb_amount_cents bigint,
    wb_surety_company text,
    wb_number text,
    wb_effective_date date,
    wb_cancellation_date date,
    wb_amount_cents bigint,
    db_surety_company text,
    db_number text,
    db_effective_date date,
    db_cancellation_date date,
    db_amount_cents bigint,
    date_required date,
    discp_case_region text,
    db_bond_reason text,
    db_case_no text,
    name_tp_2 text,
    longitude double precision,
    latitude double precision,
    source_fingerprint uuid
) WITH (autovacuum_enabled = false);
COMMENT ON TABLE import_staging IS 'Rows of the file that differ from what is stored, on their way into california_contractors.';

CREATE UNLOGGED TABLE import_seen (
    import_id uuid NOT NULL,
    line bigint NOT NULL,
    license_number text NOT NULL
) WITH (autovacuum_enabled = false);
COMMENT ON TABLE import_seen IS 'Every licence number of the file: what is stored but not here has vanished from the source.';
