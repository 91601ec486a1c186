"""A stand-in for a service: `python stand_in.py PORT STATUS`, answers STATUS at /readyz."""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(int(sys.argv[2]) if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's)
        """Requests are not logged."""


if __name__ == "__main__":
    sys.stdout.write("stand-in starts\n")
    sys.stdout.flush()
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
