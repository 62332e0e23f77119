"""A cache cannot lie, and runs nothing: what is damaged or another's is thrown away and made again."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from plugins import social_pictures
from plugins.build import build_of
from plugins.disk_cache import DiskCache
from plugins.documents import build as documents
from plugins.files import write
from plugins.practice.facts import Facts
from plugins.practice.model import Practice
from plugins.practice.reading import Reading
from plugins.reader import cache
from plugins.reader.cache import RECORDS, Parsed, read_records, records
from tests.tools.copied_site import Project, stand_in, told
from tools.build import settings_for
from tools.publish.compress import compress

DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "another's": lambda data: b"<!doctype html><title>Another's</title>",
    "one bit": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
}


@pytest.mark.parametrize("how", DAMAGED)
def test_what_is_damaged_is_thrown_away(tmp_path: Path, how: str) -> None:
    place = DiskCache(tmp_path, "guide.en", "pdf").keep("0a1b", b"%PDF the guide")
    assert DiskCache(tmp_path, "guide.en", "pdf").find("0a1b") == (place, b"%PDF the guide")
    place.write_bytes(DAMAGED[how](place.read_bytes()))
    assert DiskCache(tmp_path, "guide.en", "pdf").find("0a1b") is None
    assert list(tmp_path.iterdir()) == []


def test_only_what_a_cache_keeps_is_ever_removed(tmp_path: Path) -> None:
    for name in ("guide.en.pdf", "guide.en.0a1b.pdf", "guide.fr.0a1b.txt", "other.en.0a1b.pdf"):
        (tmp_path / name).write_bytes(b"mine")
    before = sorted(tmp_path.iterdir())
    disk = DiskCache(tmp_path, "guide.en", "pdf")
    for key in ("0a", "0b", "0c"):
        disk.keep(key, key.encode())
    disk.keep("0c", b"anew")
    assert disk.newest()[0] == "0c"
    disk.only([])
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("how", ["emptied", "another's"])
def test_a_damaged_pdf_is_never_published(
    project: Project, monkeypatch: pytest.MonkeyPatch, how: str, published: bool
) -> None:
    monkeypatch.setattr(documents, "render", stand_in)  # drawn or not, they are kept
    assert project.build(published, draws=True, cache=project.folder / "cache" / "own").ok
    good = {file.name: file.read_bytes() for file in project.output.rglob("*.pdf")}
    assert [data[:5] for data in good.values()] == [b"%PDF-"] * 4
    for file in (project.folder / "cache" / "own" / "documents").iterdir():
        file.write_bytes(DAMAGED[how](file.read_bytes()))
    built = project.build(published, draws=True, cache=project.folder / "cache" / "own")
    assert built.ok, told(built)
    assert {file.name: file.read_bytes() for file in project.output.rglob("*.pdf")} == good


def test_a_damaged_picture_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(social_pictures, "CACHE", tmp_path)
    monkeypatch.setattr(social_pictures, "compile_png", lambda *_: b"\x89PNG the method")
    build = build_of(settings_for(tmp_path / "site", False, None))
    build.facts = Facts(Practice(trade_name="Practice"))
    build.menus = {"modalities": ["a", "b"]}
    for _ in range(2):
        social_pictures.write_pictures(build, [SimpleNamespace(title="The method", lang="en")])
        (written,) = (tmp_path / "site" / "social").iterdir()
        assert written.read_bytes() == b"\x89PNG the method"
        (kept,) = (tmp_path / "social").iterdir()
        kept.unlink()  # the site has the same file: it is another that is damaged
        kept.write_bytes(b"<p>not a picture</p>")


def test_a_damaged_compressed_copy_is_made_again(tmp_path: Path) -> None:
    site, cache, page = tmp_path / "site", tmp_path / "cache", b"<p>A page.</p>" * 100
    write(site / "index.html", page)
    assert compress(site, cache) == 2
    write(cache / "of-somebody.txt", b"mine")
    for kept in cache.glob("*.gz"):
        kept.write_bytes(gzip.compress(b"<p>Another page.</p>"))
    (site / "index.html.gz").unlink()
    (site / "index.html.br").unlink()
    assert compress(site, cache) == 2
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == page
    assert (cache / "of-somebody.txt").exists()


# Pages


def test_what_was_read_comes_back_the_same(project: Project) -> None:
    """Of every page, article and section of the site: to the last type, as templates tell a day from a text."""
    parsed = Parsed()
    assert project.build(parsed=parsed).ok
    files = [file for file in project.path("content").rglob("*.md") if parsed.get(str(file), file.read_bytes())]
    kept = {str(file): (parsed.digest(str(file)), parsed.result(str(file))) for file in files}
    assert len(kept) > 50
    again = read_records(records(kept))
    assert again == kept
    types = {name: [type(value) for value in source.metadata.values()] for name, (_, source) in kept.items()}
    for name, (_, source) in again.items():
        assert sorted(map(str, types[name])) == sorted(str(type(value)) for value in source.metadata.values())


@pytest.mark.parametrize("left", [b"[]", b'{"a.md": 1}', b'{"a.md": ["00", {}, {}, null]}', b"\x80\x04]", b"{}"])
def test_pages_of_another_shape_are_read_again(project: Project, left: bytes) -> None:
    """With a name that fits its bytes: of a fault of ours, or of a stranger who knows how files are named."""
    assert project.build().ok
    folder = project.folder / "cache" / "pages"
    for file in [*folder.glob("pages.*.json"), *folder.glob("rendered.*.json")]:
        group, key, _, kind = file.name.split(".")
        file.unlink()
        (folder / f"{group}.{key}.{hashlib.sha256(left).hexdigest()[:32]}.{kind}").write_bytes(left)
    built = project.build()
    assert built.ok, told(built)
    newest = max(folder.glob("pages.*.json"), key=lambda file: file.stat().st_mtime_ns)
    assert len(RECORDS.validate_json(newest.read_bytes())) > 50


def test_nothing_is_read_that_could_run(root: Path) -> None:
    """No cache is code."""
    codes = re.compile(r"\b(?:pickle|marshal|shelve|dill|joblib|FileSystemBytecodeCache)\b")
    files = [file for name in ("plugins", "tools") for file in (root / name).rglob("*.py")]
    found = {file.relative_to(root).as_posix() for file in files if codes.search(file.read_text(encoding="utf-8"))}
    assert found == set()


def test_what_editors_leave_among_the_code_stops_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emacs marks a file that is being edited by a link that leads nowhere."""
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    build = build_of(
        settings_for(tmp_path / "site", False, None, {"date": datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)})
    )
    build.reading = Reading(Practice(), [], "", "")
    code = tmp_path / "plugins"
    code.mkdir()
    (code / "a.py").write_text("A = 1\n", encoding="utf-8")
    before = cache.key_of(build)
    (code / ".#a.py").symlink_to("marie@laptop.4711:1764324")
    assert cache.key_of(build) == before
    (code / "a.py").write_text("A = 2\n", encoding="utf-8")
    assert cache.key_of(build) != before
