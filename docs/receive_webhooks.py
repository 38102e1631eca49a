"""Receives webhooks, and prints those that are signed: python3 receive_webhooks.py PORT SECRET_FILE. What docs/feed.md says, in the standard library."""

import base64
import hashlib
import hmac
import http.server
import sys
import time

port, secret_file = int(sys.argv[1]), sys.argv[2]
with open(secret_file, encoding="utf-8") as file:
    key = base64.b64decode(file.read().strip().removeprefix("whsec_"))
seen = set()


def signed(headers, body):
    identifier, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        return False
    content = identifier.encode() + b"." + timestamp.encode() + b"." + body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(expected, each) for each in headers.get("webhook-signature", "").split(" "))


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fine = signed(self.headers, body)
        if fine and self.headers["webhook-id"] not in seen:
            seen.add(self.headers["webhook-id"])
            print(body.decode(), flush=True)
        self.send_response(204 if fine else 401)
        self.end_headers()

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()
