"""A server of files on this machine, for the tests of downloads."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar


class Server(http.server.ThreadingHTTPServer):
    """Serves `files` by path, or a part of them.

    Those of `cut_short` end before their announced length; of those of `held` the second half waits.
    """

    files: dict[str, bytes]
    cut_short: set[str]
    tags: dict[str, str]
    requests: list[str]
    ranges: list[str]
    held: dict[str, threading.Event]

    @contextmanager
    def holding(self, path: str) -> Iterator[None]:
        """Hold the second half of a file back while the block lasts."""
        self.held[path] = threading.Event()
        try:
            yield
        finally:
            self.held.pop(path).set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version: ClassVar[str] = "HTTP/1.0"

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        tag = self.server.tags.get(self.path, "")
        wanted = self.headers.get("Range", "") if self.headers.get("If-Range", tag) == tag else ""
        self.server.ranges.append(wanted)
        content, status = content[int(wanted[6:-1] or 0) :] if wanted else content, 206 if wanted else 200
        self.send_response(status if content else 416)
        self.send_header("Content-Length", str(len(content)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        half = len(content) // 2
        self.wfile.write(content[:half])
        if self.path in self.server.held:
            self.server.held[self.path].wait()
        if self.path not in self.server.cut_short:
            with suppress(ConnectionError):  # the other side may have heard enough
                self.wfile.write(content[half:])

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on this machine while the block lasts."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.files, server.cut_short, server.tags, server.requests, server.ranges = {}, set(), {}, [], []
        server.held = {}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
