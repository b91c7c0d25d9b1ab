"""Index essays into a Milvus Lite, and ask them: python tests/support/ask_milvus.py FOLDER ESSAYS"""

import sys
from pathlib import Path

from milvus_server import LiteServer

from qa.command.cli import main

if __name__ == "__main__":
    server = LiteServer(Path(sys.argv[1]))
    server.start()
    try:
        index = ["--index", f"milvus://{server.host}/essays"]
        commands = (["index", sys.argv[2]], ["ask", "How many eggs does the queen lay?"], ["verify"], ["doctor"])
        sys.exit(max(main([*command, *index]) for command in commands))
    finally:
        server.stop()
