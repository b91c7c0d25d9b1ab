"""Install Ray and Milvus Lite into an environment of their own, and test builds with Ray's workers.

    python tests/run_ray.py [SCRIPT ARGUMENT...]

A Ray is started on this machine, and workers are killed. It takes minutes, and is no part of `check.py`. A script is
run there in place of the tests. Where
QUOTH_RAY_ENV names a folder, the environment is made there once and used again.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from run_milvus import PACKAGES, ROOT, environment, is_script, run_script


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(os.environ.get("QUOTH_RAY_ENV") or f"{folder}/environment")
        python = environment(place, (*PACKAGES, "ray==2.60.0"))
        if is_script(sys.argv[1:]):
            return run_script(python)
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/milvus/test_ray.py"]
        surroundings = {**os.environ, "QUOTH_MILVUS": "1", "RAY_USAGE_STATS_ENABLED": "0"}
        return subprocess.run(command, cwd=ROOT, env=surroundings).returncode


if __name__ == "__main__":
    sys.exit(main())
