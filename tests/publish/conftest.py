"""One sshd and one nginx for all tests of publishing, and a fresh folder on the “server” for each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from plugins.hosting.hosts import nginx as nginx_rules
from tests.publish.practice import Practice, build_practice
from tests.publish.servers import BROTLI, NGINX, SSHD, Account, Nginx, Sshd, reachable, unprivileged
from tests.publish.sites import LANGUAGES, make_site
from tests.surroundings import need
from tools.publish.config import SshTarget
from tools.publish.hosts.ssh import Server
from tools.publish.locking import alone
from tools.publish.pipeline import Run, publish_site, unobserved
from tools.publish.progress import Voice


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder that the servers' account can walk into."""
    memory = Path("/dev/shm")  # each publish waits for the disk, which is not what is tested here
    places = [memory, Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]
    folder = Path(tempfile.mkdtemp(prefix="publish-", dir=reachable([place for place in places if place.exists()])))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    with unprivileged() as who:
        yield who


@pytest.fixture(scope="session")
def sshd(ground: Path, account: Account) -> Iterator[Sshd]:
    need(SSHD, "ssh", "ssh-keygen")
    server = Sshd.start(ground / "sshd", account)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def practice(ground: Path, fictitious: Path) -> Practice:
    """The real pages, built once for all tests that only read them."""
    return build_practice(ground / "practice", fictitious)


@dataclass
class Host:
    """A server to publish to: what a test needs of it, and what a reader sees."""

    sshd: Sshd
    nginx: Nginx
    folder: Path
    work: Path
    transfer: str = "auto"

    def config(self, **changes: object) -> SshTarget:
        entry = {
            "kind": "ssh",
            "name": "server",
            "host": "server",
            "folder": str(self.folder),
            "ssh_config": str(self.sshd.client),
            "url": self.nginx.url,
            "transfer": self.transfer,
            "patience": 0,
        }
        return SshTarget.model_validate(entry | changes)

    def site(self, edition: str, changed: list[str] | None = None, was: str = "") -> Path:
        return make_site(self.work / "site", edition, changed, was)

    def publish(self, edition: str, observe=unobserved, checkout: str = "mine", break_lock=False, **changes) -> str:  # type: ignore[no-untyped-def]
        """Publish an edition from one of several “machines”."""
        workspace = self.work / checkout
        with alone("server", workspace) as own:
            run = Run(Server(self.config(**changes)), own, 5, Voice(quiet=True), observe, workspace)
            return publish_site(self.site(edition), run, break_lock)

    def begin(self, *editions: str) -> list[str]:
        """Have these published, one after the other, where nothing is; what that made is copied the next time."""
        kept = self.folder.parent / "-".join(("begun", *editions))
        if not kept.exists():
            made = [self.publish(edition) for edition in editions]
            shutil.copytree(self.folder, kept, symlinks=True)
            return made
        shutil.copytree(kept, self.folder, symlinks=True, dirs_exist_ok=True)
        self.sshd.account.own(self.folder)
        return self.releases

    @property
    def live(self) -> str:
        return (self.folder / "current").resolve().name

    @property
    def releases(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "releases").iterdir())


@pytest.fixture(scope="session")
def web(ground: Path, account: Account) -> Iterator[Nginx]:
    """nginx with the site's own rules, over /…/srv/current; /srv is a link that each test points at its folder."""
    need(NGINX)
    rules, brotli = ground / "rules.conf", "brotli_static on;\n" if BROTLI.exists() else ""
    rules.write_text(nginx_rules(LANGUAGES), encoding="utf-8")
    server = Nginx.start(ground / "nginx", account, f"root {ground}/srv/current;\n{brotli}include {rules};")
    yield server
    server.stop()


@contextmanager
def fresh_host(ground: Path, account: Account, sshd: Sshd, web: Nginx, work: Path) -> Iterator[Host]:
    """An empty folder on the server, which is the one that nginx serves."""
    folder = Path(tempfile.mkdtemp(prefix="srv-", dir=ground))
    account.own(folder)
    folder.chmod(0o755)
    link = ground / "srv"
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    sshd.proxy.refuse, sshd.proxy.cut_after = False, None
    yield Host(sshd, web, folder, work)
    sshd.proxy.mute.clear()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def host(ground: Path, account: Account, sshd: Sshd, web: Nginx, tmp_path: Path) -> Iterator[Host]:
    with fresh_host(ground, account, sshd, web, tmp_path) as made:
        yield made
