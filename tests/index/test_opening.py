"""An address leads to the index there, whoever asks."""

import re
import sys
from pathlib import Path

import pytest
from small_encoder import SmallEncoder

from index.build import build
from index.encoding.loading import ENCODERS
from index.memory import MemoryIndex
from index.numbers import PassageNumber
from index.opening import address_of, current, open_index, origin, sink
from index.verify import verify
from qa import retrieve
from qa.retrieve import _place, hand_on, retriever
from qa.retriever import Retriever
from source.document import Document
from source.errors import BadQuestion, DamagedIndex, NoIndex, UserError
from source.library import read_library


@pytest.fixture
def essays(tmp_path: Path) -> Path:
    (tmp_path / "essays").mkdir()
    (tmp_path / "essays" / "war.txt").write_text("War\n\nThe tanks came over the river.", encoding="utf-8")
    return tmp_path / "essays"


def test_an_index_is_built_and_asked_by_its_address(essays: Path) -> None:
    address = str(essays.parent / "index")
    built, report = build(essays, sink(address), encoder=SmallEncoder(), chosen=True)
    assert (report.documents, built.about.counts.documents) == (1, 1)
    with open_index(address) as index:
        assert index.name == built.name == current(address)
        assert (index.about.address, index.about.source, index.about.model) == (address, essays, "small")
        assert index.about.rebuild == f"quoth index {essays} --model small --index {address}"
        assert index.about.size == sum(path.stat().st_size for path in Path(address).glob("snapshots/*/*"))
        assert list(verify(index)) == []
    found = origin(address)
    assert (found.source, found.model, found.chosen) == (str(essays), "small", True)


@pytest.mark.parametrize("name", ["{", "}{0.x}", "%s%", "$x ${", "a'b\"c", "-k", "#?*[", "\\n", "é"])
def test_folders_may_be_called_whatever_they_like(essays: Path, name: str) -> None:
    folder, location = essays.rename(essays.with_name(f"{name} essays")), essays.with_name(f"{name} index")
    build(folder, sink(location), encoder=SmallEncoder())[0].close()
    with open_index(location) as index:
        assert list(verify(index)) == []
        assert index.document("war.txt").name == "war.txt"
        (file,) = location.glob("snapshots/*/vectors-000001.bin")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(
        DamagedIndex, match=r"file vectors-000001\.bin is not as it was written; rebuild it: quoth index"
    ):
        open_index(location)


def test_what_is_no_address_is_one_sentence(tmp_path: Path) -> None:
    address = "zebra://host:19530/essays"
    for ask in (open_index, current, origin, sink):
        with pytest.raises(UserError, match=r"No kind of index is called 'zebra' \(in 'zebra://host:19530/essays'\)"):
            ask(address)
    assert address_of(address) == address
    for ask in (open_index, current, origin):
        with pytest.raises(NoIndex, match="There is no index at "):
            ask(tmp_path / "nothing")


def test_a_question_goes_to_a_path_an_address_or_an_open_index(essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENCODERS.made, "small", SmallEncoder())
    location = essays.parent / "index"
    built, _ = build(essays, sink(location), encoder=SmallEncoder())
    held = MemoryIndex([one for one in read_library(essays) if isinstance(one, Document)], SmallEncoder())
    asked = [retrieve("Who saw tanks?", index=index) for index in (location, str(location), built, held)]
    assert {answer.receipt.index for answer in asked[:3]} == {built.name}
    assert asked[3].receipt.index == held.name
    assert len({str([quote.json() for quote in answer]) for answer in asked}) == 1
    for question, k in (("", 1), ("tanks", 0)):
        with pytest.raises(BadQuestion):
            retrieve(question, k=k, index=held)


def test_what_was_built_is_handed_on(essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENCODERS.made, "small", SmallEncoder())
    location = essays.parent / "index"
    build(essays, sink(location), encoder=SmallEncoder())
    before = retriever(location)
    assert retriever(str(location)) is before
    built, _ = build(essays, sink(location), encoder=SmallEncoder())
    hand_on(location, built)
    after = retriever(location)
    assert after.index is built
    assert retriever(location) is after


def test_a_closed_index_says_so(essays: Path) -> None:
    built, _ = build(essays, sink(essays.parent / "index"), encoder=SmallEncoder())
    built.close()
    with pytest.raises(UserError, match=r"This index was closed; open it again\."):
        built.document("war.txt")
    for read in (built.tokens, built.vectors):
        with pytest.raises(UserError, match=r"This index was closed; open it again\."):
            read([PassageNumber(0)])


def test_what_was_just_written_is_not_checked_again(essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise AssertionError(path)

    with monkeypatch.context() as patch:
        patch.setattr("index.local.snapshot.checksum", refuse)
        built, _ = build(essays, sink(essays.parent / "index"), encoder=SmallEncoder())
        assert built.document("war.txt").text == "War\n\nThe tanks came over the river."
        with pytest.raises(AssertionError):
            open_index(essays.parent / "index")
    assert open_index(essays.parent / "index").name == built.name


def test_one_index_can_be_asked_while_another_is_opened(essays: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENCODERS.made, "small", SmallEncoder())
    one, other = essays.parent / "one", essays.parent / "other"
    for location in (one, other):
        build(essays, sink(location), encoder=SmallEncoder())
    with _place(str(one)).lock:
        assert retrieve("Who saw tanks?", index=other).quotes


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list open files there")
@pytest.mark.parametrize("closed", [True, False])
def test_a_closed_or_dropped_index_holds_no_file(essays: Path, closed: bool) -> None:
    def held() -> list[Path]:
        files = list(Path("/proc/self/fd").iterdir())
        return [file.readlink() for file in files if file.is_symlink() and location in file.readlink().parents]

    location = essays.parent / "index"
    build(essays, sink(location), encoder=SmallEncoder())
    index = open_index(location)
    assert Retriever(index, SmallEncoder()).answer("Who saw tanks?").quotes
    assert len(held()) > 3
    if closed:
        index.close()
    else:
        del index
    assert held() == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("milvus://127.0.0.1:19530", "'' is no name of a collection (in 'milvus://127.0.0.1:19530')"),
        ("milvus://127.0.0.1:19530/1st", "'1st' is no name of a collection"),
        ("milvus:///quoth", "no address of a collection; write milvus://HOST:19530/COLLECTION,"),
        ("milvus://me:secret/quoth", "no address of a collection; write milvus://HOST:19530/COLLECTION, a token in"),
        ("milvus://me%3Asecret%40127.0.0.1/quoth", "no address of a collection"),
        ("milvus://127.0.0.1/quoth#secret", "no address of a collection"),
        ("milvus://[::1/quoth?secret", "no address of a collection"),
        ("milvus://me:secret@127.0.0.1/quoth", "holds no name or password; give its token in MILVUS_TOKEN."),
        ("milvus://127.0.0.1/quoth?index=TREE", "one of FLAT, IVF_FLAT, HNSW, nothing else."),
        ("milvus://127.0.0.1/quoth?token=secret", "one of FLAT, IVF_FLAT, HNSW, nothing else."),
        ("milvus://127.0.0.1/quoth?secret", "one of FLAT, IVF_FLAT, HNSW, nothing else."),
        ("milvus://127.0.0.1/quoth?index=secret", "one of FLAT, IVF_FLAT, HNSW, nothing else."),
        ("milvus://me:secret@127.0.0.1:99999/quoth", "holds no name or password"),
        ("milvus://secret@127.0.0.1:none/quoth", "holds no name or password"),
        ("milvus://me:se#cret@127.0.0.1/quoth", "holds no name or password"),
        ("milvus://me:secret@/quoth", "holds no name or password"),
        ("milvus://me:secret@127.0.0.1/quoth#part", "holds no name or password"),
        ("milvus://[me:secret@127.0.0.1/quoth", "holds no name or password"),
        ("zebra://me:secret@127.0.0.1/quoth", "No kind of index is called 'zebra' (in 'zebra://…@127.0.0.1/quoth')"),
    ],
)
def test_an_address_in_milvus_that_is_none_is_told(address: str, told: str) -> None:
    for ask in (open_index, current, origin, sink):
        with pytest.raises(UserError, match=re.escape(told)) as error:
            ask(address)
        assert not re.search(r"\n|se#?cret", str(error.value))


def test_without_its_package_milvus_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)  # as where the extra is not installed
    with pytest.raises(UserError, match=r'needs the package pymilvus; run pip install "quoth\[milvus\]"\.'):
        open_index("milvus://127.0.0.1/quoth")
