-- What people write to each other, what staff announce, tickets, and everything that waits to be sent.

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    sender_id uuid NOT NULL REFERENCES users,
    receiver_id uuid NOT NULL REFERENCES users,
    subject text NOT NULL DEFAULT '' CHECK (length(subject) <= 300),
    content text NOT NULL CHECK (content <> '' AND length(content) <= 20000),
    status text NOT NULL DEFAULT 'SENT' CHECK (status IN ('SENT', 'DELIVERED', 'READ', 'ARCHIVED')),
    sent_at timestamptz NOT NULL DEFAULT now(),
    read_at timestamptz,
    CONSTRAINT messages_not_to_oneself CHECK (sender_id <> receiver_id)
);
COMMENT ON TABLE messages IS 'Direct messages; only the two people can read one.';
-- A thread is read by its two people, whoever wrote: least and greatest make one key of them.
CREATE INDEX messages_thread ON messages (LEAST(sender_id, receiver_id), GREATEST(sender_id, receiver_id), sent_at DESC, id DESC);
CREATE INDEX messages_receiver ON messages (receiver_id, sent_at DESC, id DESC);
CREATE INDEX messages_sender ON messages (sender_id, sent_at DESC, id DESC);
CREATE INDEX messages_unread ON messages (receiver_id, sender_id) WHERE status IN ('SENT', 'DELIVERED');

CREATE TABLE conversations (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    counterpart_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    last_message_id uuid REFERENCES messages ON DELETE SET NULL,
    last_message_at timestamptz NOT NULL,
    unread_count integer NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
    archived_at timestamptz,
    PRIMARY KEY (user_id, counterpart_id)
);
CREATE INDEX conversations_recent ON conversations (user_id, last_message_at DESC, counterpart_id);
CREATE INDEX conversations_counterpart ON conversations (counterpart_id);
CREATE INDEX conversations_last_message ON conversations (last_message_id);
COMMENT ON TABLE conversations IS 'One row for each side of a thread, kept when a message is sent or read.';

CREATE TABLE member_blocks (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    blocked_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, blocked_id),
    CONSTRAINT member_blocks_not_oneself CHECK (user_id <> blocked_id)
);
CREATE INDEX member_blocks_blocked ON member_blocks (blocked_id);
COMMENT ON TABLE member_blocks IS 'Whom a member does not want to hear from.';

CREATE TABLE message_reports (
    id uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    reported_by uuid NOT NULL REFERENCES users,
    reason text NOT NULL,
    excerpt text NOT NULL,
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'UPHELD', 'DISMISSED')),
    resolved_by uuid REFERENCES users,
    resolved_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT message_reports_once UNIQUE (message_id, reported_by)
);
CREATE INDEX message_reports_open ON message_reports (created_at, id) WHERE state = 'OPEN';
CREATE INDEX message_reports_reported_by ON message_reports (reported_by);
CREATE INDEX message_reports_resolved_by ON message_reports (resolved_by) WHERE resolved_by IS NOT NULL;
COMMENT ON TABLE message_reports IS 'A message that its receiver shows to staff: the excerpt is all that staff see.';

CREATE TABLE announcements (
    id uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES users,
    title text NOT NULL CHECK (title <> '' AND length(title) <= 300),
    content text NOT NULL,
    audience text NOT NULL DEFAULT 'ALL' CHECK (audience IN ('ALL', 'MEMBER_TYPE', 'ROLE')),
    audience_member_type text CHECK (audience_member_type IN ('REGULAR', 'ADMIN')),
    audience_role_id uuid REFERENCES roles,
    is_urgent boolean NOT NULL DEFAULT false,
    publish_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    notified_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT announcements_audience CHECK (
        (audience = 'MEMBER_TYPE') = (audience_member_type IS NOT NULL)
        AND (audience = 'ROLE') = (audience_role_id IS NOT NULL)),
    CONSTRAINT announcements_time_order CHECK (publish_at < expires_at)
);
CREATE INDEX announcements_publish ON announcements (publish_at DESC, id DESC);
CREATE INDEX announcements_author ON announcements (author_id);
CREATE INDEX announcements_role ON announcements (audience_role_id) WHERE audience_role_id IS NOT NULL;
SELECT app.version_rows('announcements', '{notified_at}');
COMMENT ON TABLE announcements IS 'News from staff to all, to a member type or to a role.';

CREATE TABLE announcement_reads (
    announcement_id uuid NOT NULL REFERENCES announcements ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (announcement_id, user_id)
);
CREATE INDEX announcement_reads_user ON announcement_reads (user_id);
COMMENT ON TABLE announcement_reads IS 'Read receipts.';

CREATE TABLE member_feedback (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    category text NOT NULL CHECK (category IN ('BUG', 'FEATURE', 'ACCOUNT', 'BILLING', 'EVENT', 'PROJECT', 'OTHER')),
    priority text NOT NULL DEFAULT 'MEDIUM' CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
    subject text NOT NULL CHECK (subject <> '' AND length(subject) <= 300),
    content text NOT NULL,
    status text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'IN_PROGRESS', 'RESOLVED', 'CLOSED')),
    assigned_to uuid REFERENCES users,
    resolved_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX member_feedback_user ON member_feedback (user_id, created_at DESC, id DESC);
CREATE INDEX member_feedback_status ON member_feedback (status, created_at DESC, id DESC);
CREATE INDEX member_feedback_assigned ON member_feedback (assigned_to) WHERE assigned_to IS NOT NULL;
SELECT app.version_rows('member_feedback');
COMMENT ON TABLE member_feedback IS 'Tickets.';

CREATE TABLE feedback_replies (
    id uuid PRIMARY KEY,
    feedback_id uuid NOT NULL REFERENCES member_feedback ON DELETE CASCADE,
    author_id uuid NOT NULL REFERENCES users,
    content text NOT NULL CHECK (content <> ''),
    is_internal boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX feedback_replies_feedback ON feedback_replies (feedback_id, created_at, id);
CREATE INDEX feedback_replies_author ON feedback_replies (author_id);
COMMENT ON TABLE feedback_replies IS 'The thread of a ticket; internal replies are for staff alone.';

CREATE TABLE saved_searches (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    query jsonb NOT NULL CHECK (jsonb_typeof(query) = 'object'),
    alerts_enabled boolean NOT NULL DEFAULT true,
    matched_until timestamptz NOT NULL DEFAULT now(),
    last_alert_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX saved_searches_user ON saved_searches (user_id, created_at DESC, id DESC);
CREATE INDEX saved_searches_due ON saved_searches (matched_until) WHERE alerts_enabled;
SELECT app.version_rows('saved_searches', '{matched_until,last_alert_on}');
COMMENT ON TABLE saved_searches IS 'Searches that a member keeps, with alerts when something new matches.';

CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    channel text NOT NULL DEFAULT 'EMAIL' CHECK (channel IN ('EMAIL', 'NOTICE')),
    kind text NOT NULL,
    recipient text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
    deduplication_key text UNIQUE,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'SENT', 'FAILED', 'SUPPRESSED')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    not_before timestamptz NOT NULL DEFAULT now(),
    claimed_until timestamptz,
    provider_message_id text,
    last_error text,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_due ON outbox (not_before, id) WHERE state = 'PENDING';
CREATE INDEX outbox_user ON outbox (user_id, created_at DESC);
COMMENT ON TABLE outbox IS 'Mails and notices to send, written in the transaction that causes them, claimed with SKIP LOCKED.';
COMMENT ON COLUMN outbox.id IS 'Also the stable message id, by which a receiver can tell a repetition.';
