#!/usr/bin/env python3
"""Compares a restored database with the manifest of its backup, every table by rows and checksum: docs/restore.md, step 5.

    python3 docs/compare-restored.py portal.json [options of psql, such as -d portal -h HOST]

Whoever asks must see all rows: the superuser, or the master user. Ends with 0 only where everything was compared and is the same.
"""

import json
import subprocess
import sys

# How rows are written as text while they are summed up: as the backup has them (shared/data/src/backups/digest.rs).
SETTINGS = """
SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET bytea_output = 'hex'; SET extra_float_digits = 1;
SET row_security = on; SET jit = off;
"""

LOCALE = """
SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = current_database();
"""

# Neither what belongs to extensions nor what is unlogged is dumped with its rows.
TABLES = """
SELECT format('%s.%s', n.nspname, c.relname), format('%I.%I', n.nspname, c.relname)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1;
"""


def ask(options, statements):
    """What psql answers, row by row; it says itself what it cannot do."""
    command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", *options, "-f", "-"]
    answer = subprocess.run(command, input=statements, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    if answer.returncode:
        sys.exit("psql failed: nothing is known of what was restored")
    return [line.split("\t") for line in answer.stdout.splitlines()]


def restored(options):
    """Rows and checksum of every table that is there."""
    sums = [
        "SELECT '{}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ONLY {} AS t;".format(
            name.replace("'", "''"), quoted
        )
        for name, quoted in ask(options, TABLES)
    ]
    return {name: (int(rows), checksum) for name, rows, checksum in ask(options, SETTINGS + "\n".join(sums))}


def spelled(locale):
    """Systems spell the names of one locale as they like."""
    return [name.replace("-", "").lower() for name in locale]


def differences(manifest, options):
    locale = manifest.get("locale")
    found = ask(options, LOCALE)[0]
    wanted = [locale["encoding"], locale["collation"], locale["ctype"]] if locale else None
    if wanted and spelled(wanted) != spelled(found):
        yield "the database is one of {}, and was one of {}".format(", ".join(found), ", ".join(wanted))
    there = restored(options)
    for table in manifest["tables"]:
        name, rows = table["name"], table["rows"]
        if name not in there:
            yield f"{name} is missing"
            continue
        now, checksum = there.pop(name)
        if now != rows:
            yield f"{name} has {now} rows and had {rows}"
        elif checksum != table["checksum"]:
            yield f"{name} has other values in its {rows} rows"
    yield from (f"{name} was not in the backup" for name in there)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        manifest = json.load(file)
    found = list(differences(manifest, sys.argv[2:]))
    for difference in found:
        print(difference)
    tables = manifest["tables"]
    rows = sum(table["rows"] for table in tables)
    print(f"{len(found)} differences in {len(tables)} tables with {rows} rows")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
