"""`python -m qa` is the command `quoth`."""

import sys

from qa.cli import main

sys.exit(main())
