"""Writes `qa/REFERENCE.md`, the reference of the command line and of `import quoth`, from the code.

python tests/make_reference.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

from reference import PLACE, reference

if __name__ == "__main__":
    PLACE.write_text(reference(), encoding="utf-8")
