"""Saves that are broken off at each step of the system, in processes of their own: `python -m tests.desk.saves`.

It prints as JSON what came of each of RUNS. A step is what Python's audit hooks tell: a file opened, renamed…
"""

from __future__ import annotations

import errno
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from plugins.problems import say
from tools.desk.desk import Desk
from tools.desk.history import exchange
from tools.desk.history.saving import Changed, digest, notice, save
from tools.desk.history.versions import versions_of

OLD = {"content/en/pages/a.md": b"old\n", "content/en/pages/gone.md": b"gone\n"}
NEW = {"content/en/pages/gone.md": None, "content/en/pages/a.md": b"new\n", "content/en/pages/come.md": b"come\n"}
KILLED = 9
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the order of steps is tried here, not the disk


def project(folder: Path) -> Desk:
    """A small project, with a history."""
    for name, data in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    desk = Desk(cast(Any, None), folder)
    notice(desk)
    return desk


def save_all(desk: Desk) -> None:
    """The save to be broken off."""
    changes = {desk.root / name: data for name, data in NEW.items()}
    save(desk, changes, {path: digest(OLD.get(path.relative_to(desk.root).as_posix())) for path in changes}, say("All"))


def texts(root: Path) -> set[bytes]:
    """Every text that a history has."""
    kept, found = versions_of(root), set()
    commit = kept.head()
    while commit:
        found |= {kept.read(blob) for blob in kept.files(commit).values()}
        parents = kept.commit(commit).parents
        commit = bytes(parents[0]) if parents else b""
    return found


def state(root: Path) -> dict[str, str]:
    """The files of the project; of the desk's own folder, none."""
    files = [file for file in root.rglob("*") if file.is_file() and ".desk" not in file.parts]
    return {file.relative_to(root).as_posix(): file.read_text() for file in sorted(files)}


def in_a_child(work: Callable[[], None]) -> int:
    """Run it in another process; the code it ends with."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except OSError as error:
            os._exit(1 if error.errno == errno.ENOSPC else 3)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def is_step(arguments: tuple[Any, ...]) -> bool:
    """Whether a file is opened to be written, or one to be looked at that was put aside."""
    return bool(arguments[2] & os.O_ACCMODE) or str(arguments[0]).endswith(".part")


def at_each_step(fault: str) -> list[dict[str, Any]]:
    """What is there after a save that was killed at one step after the other; or the disk was full from there on."""
    found: list[dict[str, Any]] = []
    last = 0
    while not found or found[-1]["code"] != 0:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            desk = project(Path(folder))

            def break_off(desk: Desk = desk, last: int = last) -> None:
                step = 0

                def hook(event: str, arguments: tuple[Any, ...]) -> None:
                    nonlocal step
                    if not event.startswith("os.") and (event != "open" or not is_step(arguments)):
                        return
                    step += 1
                    if step > last and fault == "kill":
                        os._exit(KILLED)
                    if step > last and event == "open" and arguments[2] & os.O_ACCMODE:
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))

                sys.addaudithook(hook)
                save_all(desk)

            code = in_a_child(break_off)
            at_once = state(desk.root)
            pending = versions_of(desk.root).found_pending()  # before, only the history is written to
            last += 1 if pending else 10 if fault == "kill" else 3
            notice(desk)
            after = state(desk.root)
            known = sorted(text.decode() for text in texts(desk.root))
            if after != {name: data.decode() for name, data in NEW.items() if data is not None}:
                save_all(desk)
            found.append({"code": code, "at_once": at_once, "after": after, "known": known, "again": state(desk.root)})
    return found


def many_writers(rounds: int) -> dict[str, Any]:
    """Two desks and a program that replaces the file, all at once; which texts are lost."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        desk = project(Path(folder))
        page, told = desk.root / "content/en/pages/a.md", desk.root / "told"

        def tell(text: bytes) -> None:
            with told.open("ab") as file:
                file.write(text)

        def desk_writer(who: int) -> None:
            for number in range(rounds):
                text = b"desk %d %d\n" % (who, number)
                while True:
                    try:
                        save(desk, {page: text}, {page: digest(page.read_bytes())}, say("Saved"))
                        break
                    except (Changed, FileNotFoundError):
                        continue
                tell(text)

        def foreign_writer(who: int) -> None:
            own, draw = page.with_name(f".foreign{who}.part"), random.Random(who)
            for number in range(rounds):
                time.sleep(draw.random() / 50)
                text = b"foreign %d %d\n" % (who, number)
                own.write_bytes(text)
                tell(text)
                while not put(own, page):
                    pass
                if own.exists() and own.read_bytes().startswith(b"foreign"):
                    tell(b"replaced by itself: " + own.read_bytes())

        versions_of.cache_clear()
        children = []
        for work, who in ((desk_writer, 1), (desk_writer, 2), (foreign_writer, 3)):
            if (child := os.fork()) == 0:
                work(who)
                os._exit(0)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        notice(desk)
        lines = told.read_bytes().splitlines(keepends=True)
        prefix = b"replaced by itself: "
        excused = {line.removeprefix(prefix) for line in lines if line.startswith(prefix)}
        written = {line for line in lines if not line.startswith(prefix)}
        lost = sorted(text.decode() for text in written - excused - texts(desk.root))
        return {"codes": codes, "written": len(written - excused), "lost": lost, "left": left(desk.root)}


def left(root: Path) -> list[str]:
    """What is left beside the files."""
    return [file.name for file in root.rglob(".*.part") if "foreign" not in file.name]


def put(own: Path, page: Path) -> bool:
    """Whether the two have traded places: where the desk itself cannot do so, its file is away for a moment."""
    try:
        return EXCHANGE(own, page)
    except FileNotFoundError:
        return False


EXCHANGE = exchange.exchange  # a program that saves by renaming; but so it is known what that replaced

RUNS: dict[str, Callable[[], Any]] = {
    "kill": lambda: at_each_step("kill"),
    "full": lambda: at_each_step("full"),
    "writers": lambda: many_writers(170),
    "kill, by renaming": lambda: at_each_step("kill"),
    "writers, by renaming": lambda: many_writers(40),
}

if __name__ == "__main__":
    found = {}
    for name, run in RUNS.items():
        if "renaming" in name:  # as on a disk where two files cannot trade places
            exchange.exchange = lambda first, second: False
        found[name] = run()
    print(json.dumps(found))
