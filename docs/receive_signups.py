#!/usr/bin/env python3
"""A broker in the standard library: python3 receive_signups.py PORT SECRET_FILE DATABASE. What docs/broker-guide.md asks for, and no more."""

import base64
import hashlib
import hmac
import http.server
import json
import pathlib
import sqlite3
import sys
import time

port, secret_file, database_file = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
key = base64.b64decode(secret_file.read_text(encoding="utf-8").strip().removeprefix("whsec_"))


def database():
    connection = sqlite3.connect(database_file, timeout=10)
    # What is deleted is overwritten, and not only unlinked.
    connection.execute("PRAGMA secure_delete = on")
    connection.execute("CREATE TABLE IF NOT EXISTS signup (id TEXT PRIMARY KEY, person TEXT)")  # person is null once it is deleted
    connection.execute("CREATE TABLE IF NOT EXISTS ended (id TEXT PRIMARY KEY)")
    connection.execute("CREATE TABLE IF NOT EXISTS request (id TEXT PRIMARY KEY, signup TEXT, type TEXT)")  # for a person to decide
    return connection


def signed(headers, body):
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    content = identifier.encode() + b"." + timestamp.encode() + b"." + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, each) for each in headers.get("webhook-signature", "").split(" "))


def known(connection, signup):
    return connection.execute("SELECT 1 FROM signup WHERE id = ?", [signup]).fetchone() is not None


def ended(connection, signup):
    return connection.execute("SELECT 1 FROM ended WHERE id = ?", [signup]).fetchone() is not None


def handoff(connection, request):
    signup = request["signupId"]
    if known(connection, signup):
        return 200, "duplicate"
    if ended(connection, signup):
        return 422, "rejected"  # withdrawn before it came: not stored
    connection.execute("INSERT INTO signup VALUES (?, ?)", [signup, json.dumps(request["person"])])
    return 200, "accepted"


def notice(connection, request):
    signup, kind = request["signupId"], request["type"]
    if kind == "rectification":
        return 501, "unsupported"
    if kind not in ("withdrawal", "erasure"):
        connection.execute("INSERT OR IGNORE INTO request VALUES (?, ?, ?)", [request["requestId"], signup, kind])
        return 202, "pending"
    connection.execute("INSERT OR IGNORE INTO ended VALUES (?)", [signup])
    connection.execute("UPDATE signup SET person = NULL WHERE id = ?", [signup])
    return 200, "completed"


class Broker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not signed(self.headers, body):
            return self.answer(401, "unauthorized")
        work = {"/handoffs": handoff, "/handoffs/ping": lambda *_: (200, "accepted"), "/notices": notice}.get(self.path)
        if work is None:
            return self.answer(404, "unknown")
        try:
            with database() as connection:  # commits, or rolls back
                status, word = work(connection, json.loads(body))
        except (sqlite3.IntegrityError, sqlite3.OperationalError):
            status, word = 503, "busy"  # two at the same moment: the other one is told later
        self.answer(status, word)

    def do_GET(self):
        if not signed(self.headers, b""):
            return self.answer(401, "unauthorized")
        path, _, query = self.path.partition("?")
        collection, _, signup = path.removeprefix("/").partition("/")
        with database() as connection:
            if collection == "handoffs":
                word = "accepted" if known(connection, signup) else "rejected" if ended(connection, signup) else "unknown"
            elif connection.execute("SELECT 1 FROM request WHERE id = ?", [query.removeprefix("requestId=")]).fetchone():
                word = "pending"
            else:
                word = "completed" if ended(connection, signup) else "unknown"
        self.answer(200, word)

    def answer(self, status, word):
        body = json.dumps({"status": word}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        if self.headers.get("x-request-id"):
            self.send_header("x-request-id", self.headers["x-request-id"])  # lets the sender keep its connection
        self.end_headers()
        self.wfile.write(body)
        print(self.command, self.path.partition("?")[0].split("/")[1], status, word, flush=True)

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Broker).serve_forever()
