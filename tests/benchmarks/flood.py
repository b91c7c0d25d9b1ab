"""One client that asks without end, over as many connections as it gets, and reads no answer; for `load_page.py`.

    python tests/benchmarks/flood.py ADDRESS SINCE UNTIL

A process of its own, so that those whose times are taken wait for the server and not for the flood's
own work. SINCE and UNTIL are of the system's monotonic clock. Prints what came back, as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter

import httpx

FROM, CONNECTIONS = "127.0.0.2", 100
QUESTION = "What tanks did the Soviet Union supply?"


async def flood(base: str, until: float) -> Counter[str]:
    """What came back to the flood that goes on `until` then."""
    seen: Counter[str] = Counter()
    transport = httpx.AsyncHTTPTransport(local_address=FROM, limits=httpx.Limits(max_connections=CONNECTIONS))
    async with httpx.AsyncClient(base_url=base, transport=transport, timeout=30) as client:

        async def ask() -> None:
            while time.monotonic() < until:
                try:
                    sent = await client.post("gradio_api/call/retrieve", json={"data": [QUESTION, 50, None]})
                    seen[str(sent.status_code)] += 1
                except httpx.HTTPError as error:
                    seen[type(error).__name__] += 1

        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    return seen


if __name__ == "__main__":
    address, since, end = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    time.sleep(max(0.0, since - time.monotonic()))
    print(json.dumps(asyncio.run(flood(address, end))))
