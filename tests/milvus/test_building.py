"""Builds over Milvus that are killed, that meet, that cannot be; a server that is away; a server without essays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from milvus_server import LiteServer
from small_encoder import SmallEncoder

from index.build import build
from index.encoding.encoder import Encoder
from index.milvus.address import Address
from index.milvus.server import Away, MilvusServer
from index.opening import open_index, sink
from qa import retrieve
from qa.command.cli import main
from qa.page.guard.door import Access
from qa.page.server.site import Site
from qa.retriever import Retriever
from source.errors import UserError

ROOT = Path(__file__).parents[2]


def test_a_build_killed_at_any_moment_changes_nothing_that_is_read(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/support")])
    command = [sys.executable, ROOT / "tests/support/milvus_kills.py", tmp_path, str(kills)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths})
    assert done.returncode == 0, done.stderr[-3000:]
    print(done.stdout)
    assert f'"kills": {kills}' in done.stdout


def test_a_second_builder_leaves(address: str, essays: Path) -> None:
    encoder = SmallEncoder()
    first, _ = build(essays, sink(address), encoder=encoder)
    with sink(address).generation(essays, encoder, chosen=None):
        with pytest.raises(
            UserError, match=r"Another build of 'milvus://.*' is running; try again when it has ended\."
        ):
            build(essays, sink(address), encoder=encoder)
        assert open_index(address).name == first.name
    second, _ = build(essays, sink(address), encoder=encoder)
    assert second.name != first.name


def test_a_build_that_is_stopped_leaves_nothing(address: str, essays: Path) -> None:
    encoder = SmallEncoder()
    first, _ = build(essays, sink(address), encoder=encoder)
    (essays / "new.txt").write_text("New\n\nA new text of tanks.\n", encoding="utf-8")

    def stop(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(essays, sink(address), encoder=encoder, progress=stop)
    tables = first.tables  # type: ignore[attr-defined]
    generation = first.manifest.generation  # type: ignore[attr-defined]
    for table in (tables.passages, tables.records):
        assert tables.where(table, f"born > {generation}", ["id"], "Strong") == []
    assert tables.where(tables.records, f"id < {-(1 << 41)}", ["id"], "Strong") == []


def test_a_server_that_was_away_is_asked_again(tmp_path: Path, essays: Path) -> None:
    served = LiteServer(tmp_path)
    served.start()
    address = f"milvus://{served.host}/away"
    try:
        index, _ = build(essays, sink(address), encoder=SmallEncoder())
        assert Retriever(index, SmallEncoder()).answer("Who saw the tanks?").quotes
        served.stop()
        for ask in (lambda: open_index(address), lambda: index.matching(["tanks"], 3)):
            with pytest.raises(
                UserError, match=f"The Milvus server at {served.host} does not answer; start it, or try"
            ):
                ask()
        served.start()
        assert open_index(address).name == index.name
        assert index.matching(["tanks"], 3)
        assert Retriever(index, SmallEncoder()).answer("Who saw the tanks?").quotes
    finally:
        served.stop()


def test_a_connection_that_one_thread_gives_up_still_serves_the_others(address: str) -> None:
    server = MilvusServer(Address.of(address))
    with server.connected() as others:
        with pytest.raises(Away), server.connected() as own:
            raise Away("too slow")
        assert own is others
        assert others.list_collections() == server.ask("list_collections")
    with pytest.raises(Exception, match=r"closed channel|create connection first"):
        others.list_collections()


def test_what_the_server_cannot_do_is_one_sentence(address: str, essays: Path) -> None:
    with pytest.raises(
        UserError, match=r"cannot be made: .*vectors of the kind HNSW, another of which may stand"
    ) as told:
        build(essays, sink(f"{address}?index=HNSW"), encoder=SmallEncoder())
    assert "\n" not in str(told.value)
    index, _ = build(essays, sink(f"{address}?index=IVF_FLAT"), encoder=SmallEncoder())
    assert index.manifest.kind == "IVF_FLAT"  # type: ignore[attr-defined]
    wider = SmallEncoder()
    wider.dimension, wider.fingerprint = 48, "1" * 64
    with pytest.raises(
        UserError, match=r"The collection holds vectors of 32 numbers, and small makes 48; name another"
    ):
        build(essays, sink(address), encoder=wider)


def test_it_is_asked_from_the_command_line_and_from_python(
    address: str, essays: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["index", str(essays), "--index", address]) == 0
    assert "6 documents" in capsys.readouterr().out
    assert main(["ask", "Who saw the tanks come over the river?", "-k", "1", "--index", address]) == 0
    assert "Nobody saw the tanks." in capsys.readouterr().out
    assert main(["verify", "--index", address]) == 0
    assert "every one says what its file says" in capsys.readouterr().out
    assert main(["doctor", "--index", address]) == 0
    assert f"index: {address}" in capsys.readouterr().out
    answer = retrieve("When was the armistice signed?", index=address)
    assert answer.quotes[0].text == "The armistice was signed in July."
    (essays / "war.txt").unlink()
    assert main(["index", "--index", address]) == 0  # the folder and the model are known
    assert "1 removed" in capsys.readouterr().err
    assert "Nobody saw" not in str(retrieve("Who saw the tanks come over the river?", index=address).json())


def test_a_server_without_the_essays_says_so_and_offers_no_rebuild(
    address: str, essays: Path, tmp_path: Path, encoder: Encoder
) -> None:
    build(essays, sink(address), encoder=encoder)
    site = Site(address, Access.on("127.0.0.1", None, uploads=True, limits=None), tmp_path / "kept")
    try:
        assert site.has_essays
        assert site.retriever().answer("Who saw the tanks?").unchecked == ""
        essays.rename(tmp_path / "elsewhere")
        answer = site.retriever().answer("Who saw the tanks?")
        assert answer.quotes
        assert answer.unchecked.startswith("The essays themselves cannot be read; this is what they said on ")
        assert not site.has_essays
        assert site.library is None
    finally:
        site.close()
