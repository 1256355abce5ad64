-- Every column classed: PUBLIC may be shown to whoever may see the row, PRIVATE to its owner and staff, SECRET never leaves the
-- database. The audit redacts what is secret; a test fails for a column that is not here.

SELECT app.classify('addenda', '{
    "public": ["id", "project_id", "number", "summary", "changes", "created_at"],
    "private": ["created_by"]
}');
SELECT app.classify('addendum_acknowledgements', '{
    "private": ["addendum_id", "user_id", "acknowledged_at"]
}');
SELECT app.classify('admin_actions', '{
    "private": ["id", "action", "user_id", "target_user_id", "target_table", "target_id", "reason", "details",
        "request_id", "created_at"]
}');
SELECT app.classify('announcement_reads', '{
    "private": ["announcement_id", "user_id", "read_at"]
}');
SELECT app.classify('announcements', '{
    "private": ["id", "author_id", "title", "content", "audience", "audience_member_type", "audience_role_id",
        "is_urgent", "publish_at", "expires_at", "notified_at", "deleted_at", "created_at", "updated_at",
        "version"]
}');
SELECT app.classify('application_events', '{
    "private": ["id", "application_id", "from_status", "to_status", "actor_id", "created_at"]
}');
SELECT app.classify('audit_log', '{
    "private": ["id", "table_name", "row_key", "operation", "before", "after", "user_id", "database_role",
        "application", "request_id", "created_at"]
}');
SELECT app.classify('audit_seals', '{
    "private": ["day", "row_count", "digest", "previous_digest", "object_key", "sealed_at"]
}');
SELECT app.classify('backups', '{
    "private": ["id", "object_key", "manifest_key", "size_bytes", "sha256", "state", "started_at",
        "finished_at", "proven_at", "restore_seconds", "error"]
}');
SELECT app.classify('california_contractors', '{
    "public": ["license_number", "region", "business_name", "full_business_name", "dba_name", "business_type",
        "address", "city", "state", "county", "zip_code", "country", "phone", "issue_date", "reissue_date",
        "expiration_date", "inactivation_date", "reactivation_date", "pending_suspension",
        "pending_class_removal", "pending_class_replace", "primary_status", "secondary_status",
        "in_good_standing", "classifications", "asbestos_registration", "wc_coverage_type",
        "wc_insurance_company", "wc_policy_number", "wc_effective_date", "wc_expiration_date",
        "wc_cancellation_date", "wc_suspend_date", "cb_surety_company", "cb_number", "cb_effective_date",
        "cb_cancellation_date", "cb_amount_cents", "wb_surety_company", "wb_number", "wb_effective_date",
        "wb_cancellation_date", "wb_amount_cents", "db_surety_company", "db_number", "db_effective_date",
        "db_cancellation_date", "db_amount_cents", "date_required", "discp_case_region", "db_bond_reason",
        "db_case_no", "name_tp_2", "coordinates", "is_namc_member", "removed_from_source_on",
        "first_import_id", "last_import_id", "created_at", "updated_at", "version", "display_name", "search"],
    "private": ["outreach_status", "outreach_notes", "outreach_updated_at", "outreach_updated_by"]
}');
SELECT app.classify('conversations', '{
    "private": ["user_id", "counterpart_id", "last_message_id", "last_message_at", "unread_count",
        "archived_at"]
}');
SELECT app.classify('course_enrollments', '{
    "public": ["completed_at", "certificate_number", "certificate_expires_at"],
    "private": ["id", "course_id", "user_id", "status", "progress_percent", "amount_cents", "paid_at",
        "enrolled_at", "created_at", "updated_at", "version"]
}');
SELECT app.classify('course_modules', '{
    "public": ["id", "course_id", "position", "title", "duration_minutes", "is_required", "created_at",
        "updated_at", "version"],
    "private": ["content"]
}');
SELECT app.classify('courses', '{
    "public": ["id", "author_id", "title", "description", "category", "difficulty", "duration_minutes",
        "price_cents", "member_price_cents", "currency", "completion_percent", "certificate_valid_months",
        "is_published", "published_at", "created_at", "updated_at", "version", "search"],
    "private": ["deleted_at"]
}');
SELECT app.classify('event_files', '{
    "public": ["id", "event_id", "name", "media_type", "size_bytes", "checksum_sha256", "state", "created_at",
        "updated_at", "version"],
    "private": ["object_key", "uploaded_by", "deleted_at"]
}');
SELECT app.classify('event_registrations', '{
    "private": ["id", "event_id", "user_id", "status", "amount_cents", "currency", "paid_at",
        "hold_expires_at", "waitlisted_at", "offer_expires_at", "checked_in_at", "checked_in_by",
        "registered_at", "cancelled_at", "created_at", "updated_at", "version"]
}');
SELECT app.classify('events', '{
    "public": ["id", "organizer_id", "title", "description", "type", "status", "visibility", "starts_at",
        "ends_at", "time_zone", "registration_deadline", "max_capacity", "registered_count",
        "waitlist_enabled", "place", "address", "city", "coordinates", "price_cents", "member_price_cents",
        "early_bird_price_cents", "early_bird_deadline", "currency", "agenda", "speakers", "sponsors",
        "calendar_sequence", "published_at", "cancelled_at", "created_at", "updated_at", "version", "search"],
    "private": ["virtual_url", "deleted_at"]
}');
SELECT app.classify('feedback_replies', '{
    "private": ["id", "feedback_id", "author_id", "content", "is_internal", "created_at"]
}');
SELECT app.classify('idempotency_keys', '{
    "private": ["user_id", "operation", "key", "request_hash", "status", "locked_until", "created_at",
        "expires_at"],
    "secret": ["headers", "body"]
}');
SELECT app.classify('import_changes', '{
    "private": ["import_id", "license_number", "operation", "before"]
}');
SELECT app.classify('import_rejects', '{
    "private": ["import_id", "line", "reason", "record"]
}');
SELECT app.classify('import_runs', '{
    "private": ["id", "bucket", "object_key", "object_version", "sequencer", "etag", "object_bytes", "uploaded_at", "as_of",
        "state", "dry_run", "format", "byte_offset", "line_number", "rows_read", "rows_staged", "rows_seen",
        "rows_inserted", "rows_updated", "rows_unchanged", "rows_rejected", "rows_removed", "rows_restored",
        "removals_refused", "warnings", "notes", "error", "invocations", "heartbeat_at", "started_at",
        "finished_at", "duration_ms", "created_at", "updated_at"]
}');
SELECT app.classify('import_seen', '{
    "public": ["import_id", "line", "license_number"]
}');
SELECT app.classify('import_staging', '{
    "public": ["import_id", "line", "license_number", "region", "business_name", "full_business_name",
        "dba_name", "business_type", "address", "city", "state", "county", "zip_code", "country", "phone",
        "issue_date", "reissue_date", "expiration_date", "inactivation_date", "reactivation_date",
        "pending_suspension", "pending_class_removal", "pending_class_replace", "primary_status",
        "secondary_status", "in_good_standing", "classifications", "asbestos_registration",
        "wc_coverage_type", "wc_insurance_company", "wc_policy_number", "wc_effective_date",
        "wc_expiration_date", "wc_cancellation_date", "wc_suspend_date", "cb_surety_company", "cb_number",
        "cb_effective_date", "cb_cancellation_date", "cb_amount_cents", "wb_surety_company", "wb_number",
        "wb_effective_date", "wb_cancellation_date", "wb_amount_cents", "db_surety_company", "db_number",
        "db_effective_date", "db_cancellation_date", "db_amount_cents", "date_required", "discp_case_region",
        "db_bond_reason", "db_case_no", "name_tp_2", "longitude", "latitude", "source_fingerprint"]
}');
SELECT app.classify('job_runs', '{
    "private": ["id", "job", "state", "details", "error", "started_at", "heartbeat_at", "finished_at"]
}');
SELECT app.classify('known_devices', '{
    "private": ["user_id", "first_seen_at", "last_seen_at"],
    "secret": ["device_hash"]
}');
SELECT app.classify('ledger_entries', '{
    "private": ["transaction_id", "line", "account", "amount_cents", "currency"]
}');
SELECT app.classify('ledger_transactions', '{
    "private": ["id", "payment_id", "kind", "source_event_id", "memo", "posted_at"]
}');
SELECT app.classify('suspended_indexes', '{"private": ["definition"]}');
SELECT app.classify('licences', '{
    "public": ["license_number", "region", "source_fingerprint", "first_import_id"]
}');
SELECT app.classify('login_attempts', '{
    "private": ["subject_kind", "user_id", "failures", "locked_until", "last_failure_at", "last_login_at"],
    "secret": ["subject_hash"]
}');
SELECT app.classify('member_blocks', '{
    "private": ["user_id", "blocked_id", "created_at"]
}');
SELECT app.classify('member_feedback', '{
    "private": ["id", "user_id", "category", "priority", "subject", "content", "status", "assigned_to",
        "resolved_at", "created_at", "updated_at", "version"]
}');
SELECT app.classify('membership_people', '{
    "private": ["membership_id", "user_id", "created_at"]
}');
SELECT app.classify('membership_tiers', '{
    "public": ["id", "name", "description", "price_cents", "currency", "duration_months", "seats", "benefits",
        "is_active", "created_at", "updated_at", "version"]
}');
SELECT app.classify('memberships', '{
    "private": ["id", "user_id", "tier_id", "payment_id", "state", "starts_at", "ends_at", "reminded_at",
        "created_at", "updated_at", "version"]
}');
SELECT app.classify('message_reports', '{
    "private": ["id", "message_id", "reported_by", "reason", "excerpt", "state", "resolved_by", "resolved_at",
        "created_at"]
}');
SELECT app.classify('messages', '{
    "private": ["id", "sender_id", "receiver_id", "subject", "content", "status", "sent_at", "read_at"]
}');
SELECT app.classify('mfa_recovery_codes', '{
    "private": ["user_id", "used_at", "created_at"],
    "secret": ["code_hash"]
}');
SELECT app.classify('module_progress', '{
    "private": ["enrollment_id", "module_id", "percent", "completed_at", "updated_at"]
}');
SELECT app.classify('outbox', '{
    "private": ["id", "user_id", "channel", "kind", "recipient", "deduplication_key", "state", "attempts",
        "not_before", "claimed_until", "provider_message_id", "last_error", "sent_at", "created_at"],
    "secret": ["payload"]
}');
SELECT app.classify('partition_policies', '{
    "public": ["table_name", "period", "retention", "ahead"]
}');
SELECT app.classify('payments', '{
    "private": ["id", "user_id", "type", "status", "amount_cents", "refunded_amount_cents", "currency",
        "description", "tier_id", "registration_id", "enrollment_id", "stripe_payment_intent_id",
        "stripe_customer_id", "stripe_charge_id", "failure_code", "receipt_number", "granted_at",
        "completed_at", "created_at", "updated_at", "version"]
}');
SELECT app.classify('permissions', '{
    "public": ["id", "name", "description", "created_at"]
}');
SELECT app.classify('project_applications', '{
    "private": ["id", "project_id", "user_id", "bid_amount_cents", "currency", "cover_letter", "proposal",
        "status", "submitted_at", "withdrawn_at", "reviewed_by", "reviewed_at", "notes", "created_at",
        "updated_at", "version"]
}');
SELECT app.classify('project_files', '{
    "public": ["id", "project_id", "name", "media_type", "size_bytes", "checksum_sha256", "state",
        "created_at", "updated_at", "version"],
    "private": ["object_key", "uploaded_by", "deleted_at"]
}');
SELECT app.classify('project_invitations', '{
    "private": ["project_id", "user_id", "invited_by", "created_at"]
}');
SELECT app.classify('projects', '{
    "public": ["id", "external_id", "source", "owner_id", "title", "description", "category",
        "budget_min_cents", "budget_max_cents", "estimated_value_cents", "currency", "funding_source",
        "location", "address", "city", "state", "zip", "coordinates", "start_date", "end_date",
        "deadline_date", "requirements", "skills_required", "license_classes", "experience_years",
        "bonding_required", "insurance", "status", "priority", "visibility", "max_applications",
        "contact_name", "contact_email", "contact_phone", "published_at", "closed_at", "addendum_count",
        "created_at", "updated_at", "version", "search"],
    "private": ["application_count", "deleted_at"]
}');
SELECT app.classify('role_permissions', '{
    "private": ["role_id", "permission_id", "created_at"]
}');
SELECT app.classify('roles', '{
    "public": ["id", "name", "description", "is_system", "created_at", "updated_at", "version"]
}');
SELECT app.classify('saved_searches', '{
    "private": ["id", "user_id", "name", "query", "alerts_enabled", "matched_until", "last_alert_on",
        "created_at", "updated_at", "version"]
}');
SELECT app.classify('search_terms', '{
    "public": ["term", "kind", "document_count"]
}');
SELECT app.classify('secure_data', '{
    "private": ["user_id", "kind", "key_id", "created_at", "updated_at", "version"],
    "secret": ["ciphertext"]
}');
SELECT app.classify('sessions', '{
    "private": ["id", "user_id", "rotated_at", "generation", "device", "ip_address", "created_at",
        "last_seen_at", "expires_at", "revoked_at", "revoked_reason"],
    "secret": ["refresh_token_hash", "previous_token_hash"]
}');
SELECT app.classify('single_use_tokens', '{
    "private": ["user_id", "purpose", "created_at", "expires_at", "used_at"],
    "secret": ["token_hash", "payload"]
}');
SELECT app.classify('skills', '{
    "public": ["name", "created_at"]
}');
SELECT app.classify('stripe_events', '{
    "private": ["id", "type", "payment_id", "received_at", "processed_at", "outcome"]
}');
SELECT app.classify('system_metrics', '{
    "private": ["id", "metric", "value", "metadata", "recorded_at"]
}');
SELECT app.classify('user_roles', '{
    "private": ["user_id", "role_id", "granted_by", "expires_at", "created_at"]
}');
SELECT app.classify('user_skills', '{
    "public": ["user_id", "skill", "level", "verified", "created_at", "updated_at", "version"]
}');
SELECT app.classify('users', '{
    "public": ["id", "first_name", "last_name", "company", "title", "member_type", "member_since", "bio",
        "website", "linkedin", "profile_image_key", "certifications", "languages", "contractor_license",
        "created_at", "updated_at", "version"],
    "private": ["email", "phone", "street", "city", "state", "zip", "coordinates", "membership_expires_at",
        "is_active", "is_verified", "approved_at", "suspended_at", "notification_preferences",
        "field_visibility", "mfa_enabled_at", "deleted_at"],
    "secret": ["password_hash", "mfa_secret"]
}');
