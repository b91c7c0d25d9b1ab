"""What the text means: embed, store, search."""

import os

# Threads of torch and FAISS that wait should sleep, not spin: spinning, two processes on one machine
# slow each other down twentyfold. Read when those libraries are loaded, so it is set before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
