"""Nothing is lost: whatever removes or replaces a folder first proves that a build made it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugins import folders
from plugins.folders import MARK, NotOurs
from tests.tools.copied_site import Project, files_in, give_pictures
from tests.tools.pictures import png
from tools.build import build
from tools.preview.preview import Preview
from tools.publish.config import SshTarget
from tools.publish.errors import PublishError
from tools.publish.hosts.ssh import Server
from tools.publish.pipeline import Run, prepare
from tools.publish.target import Lock

MOUNT = Path("/proc" if sys.platform == "linux" else "/")  # where a disk is mounted, on any machine

Remover = Callable[[Path], object]


def of_a_stranger(place: Path) -> Path:
    (place / "letters").mkdir(parents=True)
    (place / "letters" / "one.txt").write_text("Dear friend", encoding="utf-8")
    return place


def a_clone(place: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", place], check=True)
    return place


def a_build_with_something_of_a_person(place: Path) -> Path:
    folders.own(place)
    (place / "index.html").write_text("a page", encoding="utf-8")
    folders.finish(place)
    (place / "notes.txt").write_text("mine", encoding="utf-8")
    return place


def a_link(place: Path) -> Path:
    made = of_a_stranger(place.parent / "far" / "elsewhere")
    folders.finish(made)  # even to one of ours
    place.symlink_to(made, target_is_directory=True)
    return place


def a_file(place: Path) -> Path:
    place.write_text("a file", encoding="utf-8")
    return place


def with_a_damaged_mark(place: Path) -> Path:
    of_a_stranger(place)
    (place / MARK).write_text('{"made": 1}', encoding="utf-8")
    return place


STRANGERS = [of_a_stranger, a_clone, a_build_with_something_of_a_person, a_link, a_file, with_a_damaged_mark]


def finished(place: Path) -> Path:
    folders.own(place)
    (place / "index.html").write_text("new", encoding="utf-8")
    folders.finish(place)
    return place


def publishes(place: Path) -> Remover:
    """The folder that a publish puts its release together in is `place`."""
    config = SshTarget.model_validate({"kind": "ssh", "name": place.name, "host": "h", "folder": "/srv/site"})
    return lambda _: Run(Server(config), Lock("0", "0", "me"), workspace=place.parent.parent).clear()


def previews(place: Path) -> None:
    preview = Preview(place.parent)
    preview.clean()
    preview.clean(everything=True)
    if not place.exists():
        raise AssertionError("it is gone")


PLACES: dict[str, Remover] = {
    "remove": folders.remove,
    "own": folders.own,
    "replace": lambda place: folders.replace(finished(place.with_name("new")), place),
    "the old one of a replaced folder": lambda place: folders.replace(
        finished(place.with_name("new")), place.with_name(place.name.removeprefix(".").removesuffix(".old"))
    ),
    "build": lambda place: refusing(build(place)),
    "the folder a build is made in": lambda place: refusing(
        build(place.with_name(place.name.removeprefix(".").removesuffix(".new")))
    ),
    "publish": lambda place: publishes(place)(place),
    "preview": previews,
}
NAMES = {
    "publish": "release/site",
    "the old one of a replaced folder": ".site.old",
    "the folder a build is made in": ".site.new",
}


def refusing(built: object) -> None:
    if not getattr(built, "ok", True):
        raise NotOurs(Path(), built.problems[0].message, built.problems[0].remedy)  # type: ignore[attr-defined]


def all_of(folder: Path) -> dict[str, object]:
    """What is in a folder: bytes of files, where links lead."""
    return {
        path.relative_to(folder).as_posix(): path.readlink()
        if path.is_symlink()
        else path.is_dir() or path.read_bytes()
        for path in folder.rglob("*")
        if path.name != "new" and path.parent.name != "new"
    }


@pytest.mark.parametrize("make", STRANGERS)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_ours_stays_as_it_is(tmp_path: Path, place: str, make: Callable[[Path], Path]) -> None:
    made = tmp_path / NAMES.get(place, "site")
    made.parent.mkdir(exist_ok=True)
    make(made)
    before = all_of(tmp_path)
    if place == "preview":  # it clears away in silence, and what is not its own stays
        PLACES[place](made)
    else:
        with pytest.raises((NotOurs, PublishError)):
            PLACES[place](made)
    assert {name: what for name, what in all_of(tmp_path).items() if name in before} == before


@pytest.mark.parametrize("place", ["remove", "own", "replace", "build"])
def test_a_mount_is_refused(tmp_path: Path, place: str) -> None:
    new = finished(tmp_path / "new")
    act = {**PLACES, "replace": lambda mount: folders.replace(new, mount)}[place]
    with pytest.raises(NotOurs):
        act(MOUNT)


def test_a_folder_with_a_mount_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of ours, in which somebody has mounted his own: as Linux lists it, a blank in its name included."""
    made = finished(tmp_path / "a site")
    shown = str(made / "en").replace(" ", "\\040")
    line = f"36 35 98:0 /mnt {shown} rw,noatime master:1 - ext3 /dev/root rw"
    read = Path.read_text
    monkeypatch.setattr(
        Path, "read_text", lambda self, *a, **k: line if self.name == "mountinfo" else read(self, *a, **k)
    )
    with pytest.raises(NotOurs, match="mounted"):
        folders.remove(made)
    assert (made / "index.html").exists()


def test_a_build_is_never_put_into_the_project(root: Path, tmp_path: Path) -> None:
    """Tried on a copy, which is what a fault would remove."""
    copy = tmp_path / "projects" / "site"
    for name in ("content", "theme", "plugins", "tools"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py", "tasks.py"):
        shutil.copyfile(root / name, copy / name)
    a_clone(copy)
    script = "import sys; from pathlib import Path; from tools.build import build\n"
    script += "for place in sys.argv[1:]: print(*build(Path(place)).problems, sep='\\n')"
    places = [".", "..", "content", "content/new", "theme", ".git", ".git/new", "plugins/new", "new", str(copy)]
    before = all_of(tmp_path)
    command = [sys.executable, "-B", "-c", script, *places]
    done = subprocess.run(command, cwd=copy, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.count("the project’s own files are there") == len(places), done.stdout
    assert done.stdout.count("What to do: Name a folder outside the project") == len(places)
    assert all_of(tmp_path) == before


def test_no_folder_is_taken_for_the_output_because_of_its_name(root: Path, tmp_path: Path) -> None:
    """A checkout in a folder `output`, and one of this name among the pictures (#14)."""
    copy = tmp_path / "output" / "site"
    for name in ("content", "theme", "plugins", "tools"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py", "tasks.py", ".gitignore"):
        shutil.copyfile(root / name, copy / name)
    give_pictures(root, copy)
    a_clone(copy)
    picture = copy / "content" / "images" / "output" / "desk.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(png(30, 20))
    with (copy / "content/en/pages/faq.md").open("a", encoding="utf-8") as page:
        page.write("\n![A desk]({static}../../images/output/desk.png)\n")
    script = "from tools.build import build; from tools.check import check\n"
    script += "built = build(); print(built.output, *built.problems, *check(only=['images', 'markdown']))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], cwd=copy, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.startswith(str(copy / "output" / "preview")), done.stdout
    assert "desk.png" not in done.stdout
    assert (copy / "output/preview/images/output/desk.png").is_file()
    listed = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=copy, capture_output=True, text=True, check=True
    )
    assert "content/images/output/desk.png" in listed.stdout
    assert "output/preview" not in listed.stdout


def test_the_project_and_what_holds_it_are_never_removed(root: Path) -> None:
    for place in (root, *root.parents):
        with pytest.raises(NotOurs):
            folders.prove(place)


@pytest.mark.parametrize("make", ["absent", "empty", "with what a desktop leaves", "copied", "moved"])
def test_what_is_ours_is_replaced(tmp_path: Path, make: str) -> None:
    site, new = tmp_path / "site", finished(tmp_path / "new")
    if make == "empty":
        site.mkdir()
    elif make != "absent":
        old = finished(tmp_path / "before")
        (old / ".DS_Store").write_bytes(b"")
        shutil.copytree(old, site) if make == "copied" else old.rename(site)
    folders.replace(new, site)
    assert set(files_in(site)) == {MARK, "index.html"}
    assert not new.exists()
    assert not list(tmp_path.glob(".*"))


def test_the_mark_is_never_published(tmp_path: Path) -> None:
    config = SshTarget.model_validate({"kind": "ssh", "name": "server", "host": "h", "folder": "/srv/site"})
    run = Run(Server(config), Lock("0", "0", "me"), workspace=tmp_path / "work")
    files = prepare(finished(tmp_path / "site"), run)
    assert "index.html" in files
    assert not [path for path in [*files, *files_in(run.folder)] if MARK in path]


def test_what_is_half_removed_is_ours_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = finished(tmp_path / "site")
    unlink = Path.unlink
    removed: list[Path] = []

    def stopped(self: Path, **options: bool) -> None:
        if removed:
            raise KeyboardInterrupt
        removed.append(self)
        unlink(self, **options)

    monkeypatch.setattr(Path, "unlink", stopped)
    with pytest.raises(KeyboardInterrupt):
        folders.remove(made)
    monkeypatch.undo()
    folders.remove(made)
    assert not made.exists()


# Killed

KILLED = """
import os, signal, sys
from pathlib import Path
from plugins import folders
rename = Path.rename
def killed(self, target):
    if self.name.endswith(".new"):
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.rename = killed
folders.replace(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def killed(project: Project, root: Path) -> Iterator[Project]:
    """The project, after a build of it was killed between its two renames."""
    new = finished(project.folder / ".output.new")
    command = [sys.executable, "-c", KILLED, str(new), str(project.output)]
    done = subprocess.run(command, cwd=root, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not project.output.exists()
    yield project
    for name in (".output.new", ".output.old"):
        folders.leave(project.folder / name)


def test_the_next_build_puts_the_last_good_output_back(killed: Project) -> None:
    killed.edit("content/en/pages/faq.md", "title: ", "title: Questions: ")
    built = killed.build()
    assert not built.ok
    assert built.last == killed.output
    killed.assert_untouched()


def test_half_of_an_old_output_is_no_last_good_one(killed: Project) -> None:
    (killed.folder / ".output.old" / "en" / "index.html").unlink()
    killed.edit("content/en/pages/faq.md", "title: ", "title: Questions: ")
    assert killed.build().last is None
    assert not killed.output.exists()


def test_no_last_output_is_promised_where_there_is_none(root: Path, tmp_path: Path) -> None:
    facts = tmp_path / "practice.toml"
    facts.write_text("trade_name = ", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "invoke",
        "build",
        "--lang",
        "en",
        "--practice",
        str(facts),
        "--output",
        str(tmp_path / "site"),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "Nothing was written: 1 to mend, listed above." in done.stderr
    assert "last good output" not in done.stderr
    assert list(tmp_path.iterdir()) == [facts]
