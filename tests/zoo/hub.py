"""A server that answers the Hugging Face Hub's own client as the Hub does, over a dict of files.

It knows repositories, commits with the files in their body, as for files that are not large, and
downloads. What it was asked is kept, so that a test sees every request that leaves the program.
"""

import base64
import contextlib
import hashlib
import http.server
import json
import threading

TOKEN = "hf_of_a_test"
COMMIT = "0" * 40


class FakeHub:
    """The state of the server.

    Attributes:
        files: The bytes of each file, by repository and name.
        private: Whether each repository is private.
        requests: Method and path of each request.
        status: A status with which every further request is answered; `None` for a working Hub.
    """

    def __init__(self):
        self.files, self.private, self.requests, self.status = {}, {}, [], None

    def created(self, asked: dict) -> dict:
        """Makes a repository, or answers that it is there."""
        name = f"{asked['organization']}/{asked['name']}" if asked.get("organization") else None
        name = name or f"user/{asked['name']}"
        self.files.setdefault(name, {})
        self.private.setdefault(name, asked.get("visibility") == "private" or asked.get("private"))
        return {"url": f"{self.address}/{name}", "name": name, "id": name}

    def committed(self, repository: str, lines: list[dict]) -> dict:
        """Takes over a commit of files in its body."""
        files = self.files[repository]
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                assert value["encoding"] == "base64"
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "deletedFile":
                del files[value["path"]]
            else:
                assert line["key"] == "header"
        url = f"{self.address}/{repository}/commit/{COMMIT}"
        return {"success": True, "commitOid": COMMIT, "commitUrl": url}


@contextlib.contextmanager
def serving():
    """A scope with a `FakeHub`, whose `address` is on this machine."""
    hub = FakeHub()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            hub.requests.append((self.command, self.path))
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            parts = self.path.partition("?")[0].strip("/").split("/")
            if hub.status is not None:
                return self.send({"error": "not today"}, hub.status)
            writes = self.command == "POST"
            if writes and self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self.send({"error": "Invalid username or password."}, 401)
            if parts[:3] == ["api", "repos", "create"]:
                return self.send(hub.created(json.loads(body)))
            if parts == ["api", "validate-yaml"]:  # which the client asks before a README.md
                return self.send({"errors": [], "warnings": []})
            if parts[:2] == ["api", "models"]:
                repository, action = "/".join(parts[2:4]), parts[4] if len(parts) > 4 else "info"
                return self.of_repository(repository, action, body)
            if parts[2:3] == ["resolve"]:
                return self.download(hub.files["/".join(parts[:2])], "/".join(parts[4:]))
            return self.send({"error": "no such thing"}, 404)

        do_GET = do_HEAD = do_POST = answer  # noqa: N815

        def of_repository(self, repository, action, body):
            if repository not in hub.files:
                return self.send({"error": "Repository not found"}, 404)
            if action == "preupload":
                asked = json.loads(body)["files"]
                kinds = {"uploadMode": "regular", "shouldIgnore": False, "oid": None}
                return self.send({"files": [{"path": each["path"], **kinds} for each in asked]})
            if action == "commit":
                lines = [json.loads(line) for line in body.splitlines()]
                return self.send(hub.committed(repository, lines))
            found = [
                {"type": "file", "path": n, "rfilename": n, "size": len(c), "oid": COMMIT}
                for n, c in hub.files[repository].items()
            ]
            if action == "tree":
                return self.send(found)
            return self.send({"id": repository, "sha": COMMIT, "siblings": found, "private": False})

        def download(self, files, name):
            if name not in files:
                return self.send({"error": "Entry not found"}, 404, "EntryNotFound")
            content = files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            return None

        def send(self, answer, status: int = 200, code: str | None = None):
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if code:
                self.send_header("X-Error-Code", code)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        hub.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()
