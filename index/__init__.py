"""What the text means: embed, store, search."""

import os
import warnings

# Threads of torch and FAISS that wait should sleep, not spin: spinning, two processes on one machine
# slow each other down twentyfold. Read when those libraries are loaded, so it is set before.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# ONNX Runtime sends what it is used for to its maker, unless it is told not to before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# A question's matrices are small: divided among threads they take longer, four times as long beside other work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Several BLAS libraries leave marks of errors that did not happen, of which NumPy warns (numpy issues 24067, 28687).
warnings.filterwarnings("ignore", ".* encountered in matmul", RuntimeWarning, r"(index|qa)\.")
