-- Uploads: members' pictures get rows as the files of projects and events have, and one view over all three is what the function
-- `files` works on. That a file is stored is found out by a job, so a job must be able to make the addendum that follows from it.

CREATE TABLE avatars (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    object_key text NOT NULL UNIQUE,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    checksum_sha256 text NOT NULL,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'STORED')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX avatars_user ON avatars (user_id, created_at, id);
CREATE INDEX avatars_pending ON avatars (created_at) WHERE state = 'PENDING';
SELECT app.version_rows('avatars');
COMMENT ON TABLE avatars IS
    'Uploads of members'' pictures; users.profile_image_key names the one that is shown. The bytes are in the files bucket.';
SELECT app.protect('avatars');
SELECT app.classify('avatars', '{
    "private": ["id", "user_id", "object_key", "media_type", "size_bytes", "checksum_sha256", "state", "created_at",
        "updated_at", "version"]
}');
SELECT app.enable_audit('avatars');
SELECT app.allow('avatars', 'portal_api', 'SELECT', 'user_id = (SELECT app.user_id())');
SELECT app.allow('avatars', 'portal_api', 'INSERT', 'user_id = (SELECT app.user_id()) AND state = ''PENDING''');

-- What was taken away is kept for a while; the index is for the sweep that ends it.
CREATE INDEX project_files_deleted ON project_files (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX event_files_deleted ON event_files (deleted_at) WHERE deleted_at IS NOT NULL;

-- An upload begins as pending, whoever adds it: that it is stored is for the function that has looked at the object.
ALTER POLICY portal_api_insert ON project_files
    WITH CHECK (uploaded_by = (SELECT app.user_id()) AND state = 'PENDING' AND app.runs_project(project_id));
ALTER POLICY portal_api_insert ON event_files
    WITH CHECK (uploaded_by = (SELECT app.user_id()) AND state = 'PENDING' AND app.runs_event(event_id));
REVOKE UPDATE ON project_files, event_files FROM portal_api;
GRANT UPDATE (name, deleted_at) ON project_files, event_files TO portal_api;

CREATE VIEW uploads AS
SELECT 'PROJECT_FILE' AS kind, id, project_id AS parent_id, object_key, name, media_type, size_bytes, checksum_sha256,
    uploaded_by, state, deleted_at, created_at
FROM project_files
UNION ALL
SELECT 'EVENT_FILE', id, event_id, object_key, name, media_type, size_bytes, checksum_sha256, uploaded_by, state, deleted_at,
    created_at
FROM event_files
UNION ALL
-- A picture that another has taken the place of is as good as deleted.
SELECT 'AVATAR', a.id, a.user_id, a.object_key, NULL, a.media_type, a.size_bytes, a.checksum_sha256, a.user_id, a.state,
    CASE WHEN a.state = 'STORED' AND a.object_key IS DISTINCT FROM u.profile_image_key THEN a.updated_at END, a.created_at
FROM avatars AS a
JOIN users AS u ON u.id = a.user_id;
COMMENT ON VIEW uploads IS 'Every row that stands for an object of the files bucket, for the function that looks after them.';
ALTER VIEW uploads OWNER TO portal_views;
GRANT SELECT ON uploads TO portal_jobs;
SELECT app.allow(name::regclass, 'portal_views', 'SELECT', 'true')
FROM unnest(ARRAY['project_files', 'event_files', 'avatars']) AS name;

SELECT app.allow('avatars', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow(name::regclass, 'portal_jobs', 'DELETE', 'true') FROM unnest(ARRAY['project_files', 'event_files']) AS name;
GRANT SELECT (profile_image_key), UPDATE (profile_image_key) ON users TO portal_jobs;
SELECT app.allow('addenda', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;
