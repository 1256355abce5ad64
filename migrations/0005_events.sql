-- Events, their seats and their waitlist.

CREATE TABLE events (
    id uuid PRIMARY KEY,
    organizer_id uuid NOT NULL REFERENCES users,
    title text NOT NULL CHECK (title <> '' AND length(title) <= 300),
    description text NOT NULL DEFAULT '',
    type text NOT NULL CHECK (type IN (
        'NETWORKING', 'TRAINING', 'CONFERENCE', 'WORKSHOP', 'MEETING', 'AWARDS', 'FUNDRAISER')),
    status text NOT NULL DEFAULT 'DRAFT' CHECK (status IN (
        'DRAFT', 'PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED')),
    visibility text NOT NULL DEFAULT 'PUBLIC' CHECK (visibility IN ('PUBLIC', 'MEMBERS_ONLY')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    time_zone text NOT NULL DEFAULT 'America/Los_Angeles',
    registration_deadline timestamptz,
    max_capacity integer CHECK (max_capacity > 0),
    registered_count integer NOT NULL DEFAULT 0 CHECK (registered_count >= 0),
    waitlist_enabled boolean NOT NULL DEFAULT true,
    place text,
    address text,
    city text,
    virtual_url text,
    coordinates geography (Point, 4326),
    price_cents bigint NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
    member_price_cents bigint CHECK (member_price_cents >= 0),
    early_bird_price_cents bigint CHECK (early_bird_price_cents >= 0),
    early_bird_deadline timestamptz,
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    agenda jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(agenda) = 'array'),
    speakers jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(speakers) = 'array'),
    sponsors jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sponsors) = 'array'),
    calendar_sequence integer NOT NULL DEFAULT 0 CHECK (calendar_sequence >= 0),
    published_at timestamptz,
    cancelled_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', title), 'A')
        || setweight(to_tsvector('public.portal_names', COALESCE(place, '') || ' ' || COALESCE(city, '')), 'C')
        || setweight(to_tsvector('public.portal_prose', description), 'D')
    ) STORED,
    CONSTRAINT events_time_order CHECK (starts_at < ends_at),
    CONSTRAINT events_capacity CHECK (registered_count <= max_capacity)
);
CREATE INDEX events_starts ON events (starts_at, id);
CREATE INDEX events_type_starts ON events (type, starts_at, id);
CREATE INDEX events_organizer ON events (organizer_id);
CREATE INDEX events_coordinates ON events USING gist (coordinates);
CREATE INDEX events_search ON events USING gin (search);
SELECT app.version_rows('events', '{registered_count}');
COMMENT ON TABLE events IS 'Meetings, workshops and galas; times are instants, shown in time_zone.';
COMMENT ON COLUMN events.registered_count IS 'Seats taken or held; raises no version.';
COMMENT ON COLUMN events.calendar_sequence IS 'SEQUENCE of the iCalendar entry: rises when time or place change.';

CREATE TABLE event_registrations (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events,
    user_id uuid NOT NULL REFERENCES users,
    status text NOT NULL DEFAULT 'REGISTERED' CHECK (
        status IN ('REGISTERED', 'WAITLISTED', 'ATTENDED', 'NO_SHOW', 'CANCELLED')),
    amount_cents bigint NOT NULL DEFAULT 0 CHECK (amount_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    paid_at timestamptz,
    hold_expires_at timestamptz,
    waitlisted_at timestamptz,
    offer_expires_at timestamptz,
    checked_in_at timestamptz,
    checked_in_by uuid REFERENCES users,
    registered_at timestamptz NOT NULL DEFAULT now(),
    cancelled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT event_registrations_one_per_member UNIQUE (event_id, user_id)
);
CREATE INDEX event_registrations_user ON event_registrations (user_id, registered_at DESC, id DESC);
CREATE INDEX event_registrations_event ON event_registrations (event_id, status, registered_at, id);
CREATE INDEX event_registrations_waitlist ON event_registrations (event_id, waitlisted_at, id) WHERE status = 'WAITLISTED';
CREATE INDEX event_registrations_offers ON event_registrations (offer_expires_at) WHERE offer_expires_at IS NOT NULL;
CREATE INDEX event_registrations_holds ON event_registrations (hold_expires_at) WHERE hold_expires_at IS NOT NULL;
CREATE INDEX event_registrations_checked_in_by ON event_registrations (checked_in_by) WHERE checked_in_by IS NOT NULL;
SELECT app.version_rows('event_registrations');
COMMENT ON TABLE event_registrations IS 'A member''s seat, or place in the waitlist.';
COMMENT ON COLUMN event_registrations.hold_expires_at IS 'Until when an unpaid seat is kept.';
COMMENT ON COLUMN event_registrations.offer_expires_at IS 'Until when a seat offered from the waitlist is kept.';

CREATE TABLE event_files (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL REFERENCES events ON DELETE CASCADE,
    object_key text NOT NULL UNIQUE,
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    checksum_sha256 text,
    uploaded_by uuid NOT NULL REFERENCES users,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'STORED')),
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX event_files_event ON event_files (event_id, created_at, id);
CREATE INDEX event_files_uploaded_by ON event_files (uploaded_by);
CREATE INDEX event_files_pending ON event_files (created_at) WHERE state = 'PENDING';
SELECT app.version_rows('event_files');
COMMENT ON TABLE event_files IS 'Slides and handouts; the bytes are in the files bucket.';
