"""Where the installed command begins: outside of all packages, so that nothing is loaded before Ctrl-C ends it quietly.

Python would answer Ctrl-C with a traceback of whatever it was loading.
"""

import signal
import sys


def main() -> int:
    """Run one command and return its exit status; what `qa.command.cli` does not tell of Ctrl-C, nobody does."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from qa.command.cli import main as command

    return command()


if __name__ == "__main__":
    sys.exit(main())
