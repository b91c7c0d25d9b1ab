"""`python -m qa` is the command `quoth`."""

import sys

from qa.command.cli import main

sys.exit(main())
