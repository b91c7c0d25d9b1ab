"""Calls a served page in every way that names an address elsewhere: `python naming_addresses.py LOCATION`.

Prints how many calls were made.
"""

import itertools
import sys
from pathlib import Path

import httpx
from browsing import served
from calling import CALL, JOIN, RUN, Caller

from qa.page.guard.calls import CALLS


def attack(base: str) -> int:
    """Call the page in every way that names an address elsewhere; how many calls were made."""
    caller, tried = Caller(base), 0
    for url in ("http://192.0.2.1/a.txt", "https://essays.example/a.txt", "http://private.example/a.svg"):
        file = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}}
        for number, route, bad in itertools.product(
            range(len(CALLS) + 2), (JOIN, RUN, CALL), (file, [file], {"a": file})
        ):
            for event in (bad, {"key": caller.key, "question": bad, "names": bad, "format": url}):
                caller.send(number, [bad, bad, bad], route, event_data=event)
                tried += 1
        for path in (f"file={url}", f"proxy={url}", f"stream/{url}", f"call/v2/retrieve?x={url}", f"deep_link?u={url}"):
            for headers in ({}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}):
                caller.http.get(httpx.URL(base).copy_with(raw_path=f"/gradio_api/{path}".encode()), headers=headers)
                tried += 1
        caller.http.post("gradio_api/process_recording", json={"url": url})
        caller.http.post("gradio_api/vibe-starter-queries", json={"prompt": url})
        caller.http.get("", headers={"X-Forwarded-Host": "essays.example", "Forwarded": f"host={url}"})
        tried += 3
    for path in ("", "config", "gradio_api/info", "theme.css", "gradio_api/app_id", "essay/none.txt"):
        caller.http.get(path)
    name = caller.upload("bees.txt", b"Bees hum.\n").json()[0]
    caller.call("add", [[{"path": name}], "own", caller.key])
    caller.tell("ask", question="What do bees do?")
    caller.retrieve("https://essays.example/")
    caller.close()
    return tried + 10


if __name__ == "__main__":
    with served(Path(sys.argv[1])) as address:
        print(attack(address))
