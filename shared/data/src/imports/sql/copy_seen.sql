COPY import_seen (import_id, line, license_number) FROM STDIN
