"""`python -m quoth` is the command `quoth`."""

import sys

from qa.command.cli import main

sys.exit(main())
