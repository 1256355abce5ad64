#!/usr/bin/env python3
"""Times requests through gateway and pooler, and beside them the bare SQL of the same requests.

Wants the portal running optimised with the full data set (`cargo xtask dev --release --detach`, `cargo xtask data --scale
full --reset-data`), and wrk, psql and pgbench. Prints for each case the median and the 95th percentile in milliseconds of four
clients; for those that have it also the median of its statements alone, sent by four pgbench clients to the replica as the
portal's role, one transaction a request, planned each time as the portal has it (`-M extended`). The cases of inboxes sign in
as the member with the most messages and as one without any, who get the demo member's password for it.

    tests/speed/measure.py [--seconds 5] [CASE ...]
"""

import argparse
import base64
import json
import os
import random
import statistics
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
STACK = json.loads((ROOT / "target/dev/stack.json").read_text())
CLIENTS = 4
PLACES = [
    (37.7749, -122.4194, "San Francisco"),
    (37.8044, -122.2712, "Oakland"),
    (38.5816, -121.4944, "Sacramento"),
    (37.3382, -121.8863, "San Jose"),
    (36.7378, -119.7871, "Fresno"),
    (38.4404, -122.7141, "Santa Rosa"),
]
ARRAYS = {"TextArray": "text[]", "UuidArray": "uuid[]", "Float8Array": "float8[]"}


def owner(sql):
    """The lines that the primary answers its superuser."""
    command = ["psql", STACK["databases"]["owner"]["primary"], "-qAtc", sql]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def sign_in(email=None):
    """The access token of a member with the demo member's password, and the ids of member and session that it holds."""
    account = next(one for one in STACK["accounts"] if one["email"].startswith("member@"))
    body = json.dumps({"email": email or account["email"], "password": account["password"]}).encode()
    request = urllib.request.Request(STACK["apiUrl"] + "/v1/auth/login", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        token = json.load(answer)["accessToken"]
    claims = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    return token, (claims["sub"], claims["sid"])


def statement(*fragments):
    """The statement of the portal that has all these fragments."""
    for path in sorted((ROOT / ".sqlx").glob("*.json")):
        kept = json.loads(path.read_text())
        if all(fragment in kept["query"] for fragment in fragments):
            return kept["query"], kept["describe"]["parameters"]["Left"]
    raise SystemExit(f"no statement has {fragments}")


def filled(found, values):
    """A statement with its parameters written out; those without a value are NULL."""
    query, types = found
    for number in range(len(types), 0, -1):
        kind = types[number - 1]
        kind = ARRAYS.get(kind, kind.lower())
        value = values.get(number)
        literal = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
        query = query.replace(f"${number}", f"{literal}::{kind}")
    return " ".join(query.split()) + ";"


def bare(cases, member):
    """The statements of the requests, one script for each variant of a case."""
    open_ones = "{PUBLISHED,BIDDING_OPEN}"
    lists = statement("FROM project_listings", "status IN ('PUBLISHED', 'BIDDING_OPEN')", "created_at DESC, id DESC")
    near = statement("FROM project_listings", "<=", "ROWS WITH TIES", "external_id")
    profile = statement("FROM member_directory AS m", "AND m.id = $10")
    project = statement("FROM project_listings", "AND id = ANY ($14::uuid[])", "external_id")
    matches = statement("app.matching_projects")
    firms = statement("FROM contractor_listings", "ROWS WITH TIES")
    page = owner(
        f"SELECT set_config('app.user_id', '{member}', false);"
        "SELECT array_agg(id) FROM app.matching_projects(NULL, NULL, 21, NULL)"
    )[-1]
    members = [path.rsplit("/", 1)[1] for path in cases["member"][:20]]
    return {
        "projects_list": [[filled(lists, {1: open_ones, 16: 21})]],
        "projects_filter": [
            [filled(lists, {1: open_ones, 2: f"{{{kind}}}", 3: f'{{"{city.lower()}"}}', 16: 21})]
            for kind in ("RESIDENTIAL", "COMMERCIAL")
            for _, _, city in PLACES
        ],
        "projects_near": [
            [filled(near, {1: open_ones, 14: f"POINT({lng} {lat})", 15: 25 * 1609.344, 18: 21, 19: "false"})]
            for lat, lng, _ in PLACES
        ],
        "matches": [[filled(matches, {3: 21}), filled(project, {14: page})]],
        "member": [[filled(profile, {10: member})] for member in members],
        "contractors_near": [
            [filled(firms, {11: f"POINT({lng} {lat})", 12: 20 * 1609.344, 15: 21, 16: "false"})] for lat, lng, _ in PLACES
        ],
    }


def paths():
    """The requests of each case."""
    projects = owner(
        "SELECT id FROM projects WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND visibility = 'PUBLIC' ORDER BY md5(id::text) LIMIT 300"
    )
    members = owner("SELECT id FROM users WHERE is_active AND approved_at IS NOT NULL AND deleted_at IS NULL ORDER BY md5(id::text) LIMIT 300")
    firms = owner("SELECT license_number FROM california_contractors ORDER BY md5(license_number) LIMIT 300")
    cities = [quote(city) for _, _, city in PLACES]
    near = [f"near={lat},{lng}" for lat, lng, _ in PLACES]
    kinds = ["RESIDENTIAL", "COMMERCIAL", "INFRASTRUCTURE", "RENOVATION"]
    cases = {
        "projects_list": ["/v1/projects"],
        "projects_filter": [f"/v1/projects?category={kind}&city={city}" for kind in kinds for city in cities],
        "projects_near": [f"/v1/projects/near?{place}&radiusMiles=25" for place in near],
        "matches": ["/v1/projects/matches"],
        "project": [f"/v1/projects/{one}" for one in projects],
        "members_list": ["/v1/members"],
        "members_filter": [f"/v1/members?city={city}" for city in cities],
        "members_near": [f"/v1/members?{place}&radiusMiles=20" for place in near],
        "member": [f"/v1/members/{one}" for one in members],
        "contractors_near": [f"/v1/contractors?{place}&radiusMiles=20" for place in near],
        "contractors_filter": [f"/v1/contractors?class={kind}&city={city}" for kind in ("B", "C-10", "C-36") for city in cities],
        "contractor": [f"/v1/contractors/{one}" for one in firms],
    }
    return cases | searches()


def searches():
    """Rare, common, misspelt and half words, and two at once, out of the dictionary."""
    draw = random.Random(7)
    words = "SELECT term FROM search_terms WHERE term ~ '^[a-z]+$' AND length(term) > "
    rare = owner(words + "5 GROUP BY 1 ORDER BY sum(document_count), md5(term) LIMIT 300")
    common = owner(words + "3 GROUP BY 1 ORDER BY sum(document_count) DESC LIMIT 12")
    some = owner(words + "6 GROUP BY 1 HAVING sum(document_count) BETWEEN 50 AND 5000 ORDER BY md5(term) LIMIT 200")

    def misspelt(word):
        place = draw.randrange(1, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

    asked = {
        "search_rare": rare,
        "search_common": common,
        "search_misspelt": [misspelt(word) for word in some + common],
        "search_prefix": [word[: draw.randrange(3, 6)] for word in some + common],
        "search_two": [f"{one} {other}" for one in common for other in draw.sample(some, 8)],
    }
    cases = {name: [f"/v1/search?q={quote(text)}" for text in texts] for name, texts in asked.items()}
    starts = [word[: draw.randrange(2, 6)] for word in some + common]
    return cases | {"suggest": [f"/v1/search/suggest?q={quote(start)}" for start in starts]}


def inboxes():
    """The requests that open the fullest inbox and an empty one, with the token of whose they are."""
    fullest = "SELECT receiver_id FROM messages GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    empty = "SELECT id FROM users WHERE is_active AND approved_at IS NOT NULL AND is_verified AND deleted_at IS NULL"
    empty += " AND NOT EXISTS (SELECT FROM messages WHERE users.id IN (sender_id, receiver_id)) ORDER BY id LIMIT 1"
    other = owner(f"SELECT sender_id FROM messages WHERE receiver_id = ({fullest}) GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0]
    demo = "SELECT password_hash FROM users WHERE email LIKE 'member@%' LIMIT 1"
    cases = {}
    for name, who in (("full", fullest), ("empty", empty)):
        email = owner(f"UPDATE users SET password_hash = ({demo}) WHERE id = ({who}) RETURNING email")[0]
        token, _ = sign_in(email)
        cases[f"conversations_{name}"] = (["/v1/conversations"], token)
        cases[f"unread_{name}"] = (["/v1/messages/unread"], token)
        cases[f"thread_{name}"] = ([f"/v1/conversations/{other}/messages"], token)
    return cases


def whole(urls, token, seconds):
    """What wrk measures, after a second of warming up."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(urls) + "\n")
        listed.flush()
        environment = os.environ | {"PATHS": listed.name, "TOKEN": token}
        for duration in (1, seconds):
            threads = [f"-t{CLIENTS}", f"-c{CLIENTS}", f"-d{duration}s", "--timeout", "10s"]
            command = ["wrk", *threads, "-s", str(Path(__file__).with_name("load.lua")), STACK["apiUrl"]]
            output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return json.loads(output.splitlines()[-1])


def alone(variants, identity, seconds):
    """The median of the statements as pgbench runs them."""
    begin = (
        "SELECT app.begin_request('00000000-0000-0000-0000-000000000000', "
        f"'{identity[0]}', '{identity[1]}', 10000, 0, 60000, 'APPROVED');"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = ["pgbench", "-n", "-M", "extended", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-l", "--log-prefix", f"{folder}/log"]
        for number, statements in enumerate(variants):
            script = Path(folder, f"{number}.sql")
            script.write_text("\n".join(["BEGIN READ ONLY;", begin, *statements, "COMMIT;"]) + "\n")
            command += ["-f", str(script)]
        database = STACK["databases"]["portal_api"]["replica"]
        ended = subprocess.run([*command, database], capture_output=True, text=True)
        if ended.returncode:
            raise SystemExit(ended.stderr)
        lines = [line for log in Path(folder).glob("log*") for line in log.read_text().splitlines()]
    return statistics.median(int(line.split()[2]) for line in lines) / 1000


def main():
    """Measures the cases that are named, or all."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=5)
    arguments.add_argument("case", nargs="*")
    chosen = arguments.parse_args()
    token, identity = sign_in()
    cases = paths()
    statements = bare(cases, identity[0])
    cases = {name: (urls, token) for name, urls in cases.items()} | inboxes()
    print(f"{'case':18} {'p50':>6} {'p95':>6} {'bare':>6} {'3+2*bare':>8} {'requests':>8}")
    for name in chosen.case or cases:
        measured = whole(*cases[name], chosen.seconds)
        line = f"{name:18} {measured['p50']:6.1f} {measured['p95']:6.1f}"
        if statements.get(name):
            median = alone(statements[name], identity, chosen.seconds)
            line += f" {median:6.1f} {3 + 2 * median:8.1f}"
        else:
            line += " " * 16
        print(f"{line} {measured['requests']:8}", f"{measured['failed']} failed" if measured["failed"] else "", flush=True)


if __name__ == "__main__":
    main()
