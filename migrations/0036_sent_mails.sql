-- Mails that were sent are deleted after a time; those that failed stay for staff to look into.
CREATE INDEX outbox_past ON outbox (created_at) WHERE state IN ('SENT', 'SUPPRESSED');
