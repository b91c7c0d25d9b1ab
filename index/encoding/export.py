"""A model of Quoth's as a folder that sentence-transformers reads, for any other tool to use."""

from __future__ import annotations

import shutil
from pathlib import Path

from safetensors.numpy import save_file

from index.encoding.encoder import DEFAULT_MODEL
from index.encoding.pinned import TUNED_WEIGHTS, published_folder, published_weights
from source.errors import UserError

# What sentence-transformers reads beside the weights.
_FILES = (
    "1_Pooling/config.json",
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
)
_ABOUT = f"""# {DEFAULT_MODEL}

all-MiniLM-L6-v2 (Apache-2.0), its layers tuned for late interaction by Quoth (MIT): texts → unit vectors of 384
numbers, and tokens whose cosines tell which words of a question stand where. Read it with
`SentenceTransformer("FOLDER")`; curly quotation marks and dashes are written straight before Quoth reads a text.
"""


def write_model(folder: Path) -> Path:
    """Write the default model to `folder`, in 32-bit fractions; the folder.

    Raises UserError if there is something at `folder` already, if it cannot be written, or if the weights are missing
    or not those that ship with Quoth.
    """
    weights = {**published_weights().tensors(), **TUNED_WEIGHTS.tensors()}
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise UserError(f"There is something at {str(folder)!r} already; name another folder.") from error
    except OSError as error:
        raise UserError(f"The model cannot be written to {str(folder)!r}: {error.strerror}") from error
    try:
        for name in _FILES:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(published_folder() / name, folder / name)
        (folder / "README.md").write_text(_ABOUT, encoding="utf-8")
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(f"The model cannot be written to {str(folder)!r}: {error.strerror}") from error
    return folder
