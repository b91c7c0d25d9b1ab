"""Calls of the page's functions as a client sends them, and what comes back."""

import json
import secrets

import httpx

JOIN, RUN, CALL = "gradio_api/queue/join", "gradio_api/run/predict", "gradio_api/call/retrieve"


class Caller:
    """A client of the page at `base` with a session of its own; `host` is the address that it calls from."""

    def __init__(self, base: str, host: str = "127.0.0.1", **options: object) -> None:
        transport = httpx.HTTPTransport(local_address=host)
        self.http = httpx.Client(base_url=base, transport=transport, timeout=60, **options)
        self.session = secrets.token_hex(8)
        self.key = secrets.token_hex(16)
        functions = self.http.get("config").json()["dependencies"]
        self.numbers = {one["api_name"]: one["id"] for one in functions if one["backend_fn"]}

    def send(self, function: str | int, data: object, route: str = JOIN, **more: object) -> httpx.Response:
        """Call a function, by its name or number."""
        number = self.numbers.get(function, function)
        return self.http.post(
            route, json={"data": data, "fn_index": number, "session_hash": self.session, "trigger_id": None, **more}
        )

    def answers(self) -> str:
        """All that comes back to the session, as it comes."""
        return self.http.get("gradio_api/queue/data", params={"session_hash": self.session}).text

    def call(self, function: str, data: object, **more: object) -> list[object]:
        """The values that a function gives back at last."""
        sent = self.send(function, data, **more)
        assert sent.status_code == 200, sent.text
        messages = [json.loads(line[6:]) for line in self.answers().splitlines() if line.startswith("data: ")]
        done = next(message for message in messages if message["msg"] == "process_completed")
        assert done["success"], done
        return done["output"]["data"]

    def tell(self, function: str, **event: object) -> list[object]:
        """The values that a function gives back at last that is told what the reader does."""
        return self.call(function, [], event_data={"key": self.key, **event})

    def retrieve(self, question: str) -> dict:
        """The answer of the API."""
        started = self.http.post(CALL, json={"data": [question, 2, None]})
        assert started.status_code == 200, started.text
        return self.result(started.json()["event_id"])

    def result(self, event: str) -> dict:
        """The answer to a call of the API."""
        lines = self.http.get(f"{CALL}/{event}").text.splitlines()
        assert "event: complete" in lines, lines
        return json.loads(next(line for line in reversed(lines) if line.startswith("data: "))[6:])[0]

    def upload(self, name: str, data: bytes) -> httpx.Response:
        """Send a file."""
        return self.http.post("gradio_api/upload", files={"files": (name, data)})

    def close(self) -> None:
        self.http.close()
