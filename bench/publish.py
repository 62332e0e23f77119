"""What publishing costs, and whether a switch is ever seen: python -m bench.publish. Everything stays on 127.0.0.1.

Prints two Markdown tables: switches under requests from a second process, and publish → change one page → publish again
for each kind of target, with the bytes that went through a counting proxy.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import multiprocessing
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int
from pathlib import Path
from typing import Any

from plugins.hosting.hosts import nginx as nginx_rules
from plugins.problems import ROOT
from tests.publish.servers import Account, Cloud, Nginx, Proxy, Sshd, unprivileged
from tests.publish.sites import LANGUAGES, PAGES, make_site
from tools.build import build
from tools.publish.config import RcloneTarget, SshTarget
from tools.publish.hosts.program import program
from tools.publish.hosts.rclone import Store
from tools.publish.hosts.ssh import Server
from tools.publish.http import address
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site
from tools.publish.progress import Voice
from tools.publish.release import Manifest, Release
from tools.publish.target import Lock, Progress, Target

SWITCHES, REQUESTS = 500, 20_000
FACTS = ROOT / "tests" / "fixtures" / "practice.toml"


@contextmanager
def ground() -> Iterator[Path]:
    """A folder in memory, so that the disk of this machine is not what is measured."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="publish-bench-", dir=memory if os.access(memory, os.W_OK) else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def web(folder: Path, account: Account, root: Path) -> Nginx:
    rules = folder / "rules.conf"
    rules.write_text(nginx_rules(LANGUAGES), encoding="utf-8")
    return Nginx.start(folder / "nginx", account, f"root {root};\ninclude {rules};")


def read(port: int, known: dict[str, dict[str, str]], counters: Any, stop: Any) -> None:
    """Ask for pages until told to stop; each must be, to the byte, the page of the release that it says it is of."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    turn = 0
    while not stop.is_set():
        path = PAGES[turn % len(PAGES)]
        turn += 1
        try:
            connection.request("GET", address(path), headers={"Accept-Encoding": "identity"})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            counters["failed"].value += 1
            connection.close()
            continue
        edition = re.search(rb'name="edition" content="([^"]+)"', body)
        if answer.status != 200 or edition is None:
            counters["failed"].value += 1
        elif known[edition[1].decode()][path] != hashlib.sha256(body).hexdigest():
            counters["mixed"].value += 1
        counters["requests"].value += 1


def switches(folder: Path, account: Account) -> None:
    """500 switches between two releases by the publisher's own step, over ssh, while a second process reads."""
    place = folder / "srv"
    place.mkdir()
    account.own(place)
    sshd = Sshd.start(folder / "sshd", account)
    nginx = web(folder, account, place / "current")
    config = SshTarget(kind="ssh", name="bench", host="server", folder=str(place), ssh_config=str(sshd.client))
    server, known, names = Server(config), {}, []
    for edition in ("one", "two"):
        with alone("bench", folder / "work") as own:
            run = Run(server, own, voice=Voice(quiet=True), workspace=folder / "work")
            names.append(publish_site(make_site(folder / "site", edition), run))
        known[edition] = dict(Manifest.from_json(server.manifest(names[-1])).files)
    context = multiprocessing.get_context("spawn")
    counters = {name: context.Value(c_int, 0) for name in ("requests", "failed", "mixed")}
    stop = context.Event()
    reader = context.Process(target=read, args=(nginx.port, known, counters, stop))
    reader.start()
    while counters["requests"].value == 0:
        time.sleep(0.01)
    counters["requests"].value = 0
    server.lock(Lock("benchmark", "bench", "bench"))
    times, began = [], time.monotonic()
    for number in range(SWITCHES):
        while counters["requests"].value < number * REQUESTS / SWITCHES:
            time.sleep(0.001)
        start = time.monotonic()
        server.switch(names[number % 2])
        times.append(time.monotonic() - start)
    while counters["requests"].value < REQUESTS:
        time.sleep(0.001)
    took = time.monotonic() - began
    stop.set()
    reader.join(20)
    server.unlock()
    server.close()
    nginx.stop()
    sshd.stop()
    print("| switches | requests | failed | mixed pages | a switch, median | in all |\n|---|---|---|---|---|---|")
    print(
        f"| {SWITCHES} | {counters['requests'].value} | {counters['failed'].value} | {counters['mixed'].value} "
        f"| {statistics.median(times) * 1000:.0f} ms | {took:.0f} s |\n"
    )


class Counting:
    """Counts the files that an upload sends, and how long a store's switch leaves pages of two releases."""

    def __init__(self, target: Target) -> None:
        self.files, self.groups = 0, list[float]()
        upload = target.upload

        def counted(release: Release, base: Manifest | None, progress: Progress) -> None:
            self.files += len(release.changed_since(base))
            upload(release, base, progress)

        target.upload = counted  # type: ignore[method-assign]
        if isinstance(target, Store):
            target.observe = lambda _: self.groups.append(time.monotonic())

    def window(self, files: int) -> str:
        """From the first page that is written over another to the last; one page, or one rename, has none."""
        return f"{self.groups[5] - self.groups[3]:.1f}" if self.groups and files > 2 else "0"


def measure(name: str, target: Target, proxy: Proxy, sites: dict[str, Path], work: Path) -> None:
    """Publish each of `sites` in turn; one row for each."""
    counting = Counting(target)
    for what, site in sites.items():
        sent, files, start = proxy.sent, counting.files, time.monotonic()
        counting.groups.clear()
        with alone("bench", work) as own:
            publish_site(site, Run(target, own, voice=Voice(quiet=True), workspace=work))
        took = time.monotonic() - start
        print(
            f"| {name} | {what} | {took:.1f} | {(proxy.sent - sent) / 1000:.0f} | {counting.files - files} "
            f"| {counting.window(counting.files - files)} |",
            flush=True,
        )


def add_a_sentence(page: Path) -> None:
    page.write_text(page.read_text(encoding="utf-8").replace("<p>", "<p>One more sentence. ", 1), encoding="utf-8")


def transfers(folder: Path, account: Account) -> None:
    """The real site, with facts that are said to be real for once."""
    facts = folder / "practice.toml"
    facts.write_text(FACTS.read_text(encoding="utf-8").replace("fictitious = true", "fictitious = false"))
    first, second, third = (folder / name for name in ("first", "second", "third"))
    if not build(first, True, facts).ok:
        sys.exit("the site does not build")
    shutil.copytree(first, second)
    add_a_sentence(second / "en" / "faq" / "index.html")
    shutil.copytree(second, third)
    for page in third.rglob("*.html"):
        add_a_sentence(page)
    sites = {
        "the whole site": first,
        "one page changed": second,
        "nothing changed": second,
        "every page changed": third,
    }
    count = sum(file.is_file() for file in first.rglob("*"))
    print(f"The site has {count} files; over ssh their compressed copies come on top.\n")
    print("| target | what | seconds | kB sent | files | s with pages of two releases |\n|---|---|---|---|---|---|")
    for transfer in ("rsync", "tar"):
        place = folder / f"srv-{transfer}"
        place.mkdir()
        account.own(place)
        sshd = Sshd.start(folder / f"sshd-{transfer}", account)
        (folder / transfer).mkdir()
        nginx = web(folder / transfer, account, place / "current")
        entry = {"kind": "ssh", "name": "bench", "host": "server", "folder": str(place), "url": nginx.url}
        config = SshTarget.model_validate(entry | {"ssh_config": str(sshd.client), "transfer": transfer})
        measure(f"ssh + {transfer}", Server(config), sshd.proxy, sites, folder / f"work-{transfer}")
        nginx.stop()
        sshd.stop()
    for kind in ("s3", "sftp"):
        cloud = Cloud.start(kind, folder / kind, account, program())
        nginx = web(folder / kind, account, cloud.served / "site")
        entry = {"kind": "rclone", "name": "bench", "remote": "store:site", "url": nginx.url}
        store = Store(RcloneTarget.model_validate(entry | {"rclone_config": str(cloud.config)}))
        measure(f"rclone, {kind.upper()}", store, cloud.proxy, sites, folder / f"work-{kind}")
        nginx.stop()
        cloud.stop()


if __name__ == "__main__":
    print(json.dumps({"cores": os.cpu_count(), "load": os.getloadavg()}), file=sys.stderr)
    with ground() as here, unprivileged() as someone:
        switches(here, someone)
        transfers(here, someone)
