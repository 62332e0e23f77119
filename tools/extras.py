"""What the tests need beside Python packages: a browser, PDF readers, the Nu HTML Checker and axe-core.

`ensure()` installs what is missing where it can: Debian packages as root, and files of npm packages, checked by hash.
What cannot be had is named, and the tests that need it are skipped by name (never where CI is set).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from plugins.problems import ROOT

EXTRAS = ROOT / ".cache" / "extras"


def which(command: str) -> str | None:
    """Where a program is; servers lie in sbin, which is not on everybody's PATH."""
    return shutil.which(command, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))


@dataclass(frozen=True)
class Program:
    """A program the tests run, and the Debian package that has it."""

    command: str
    package: str
    why: str

    def there(self) -> bool:
        return bool(which(self.command)) or Path(self.command).is_file()


@dataclass(frozen=True)
class NpmFile:
    """One file out of an npm package; `sha256` is of the whole tarball."""

    package: str
    sha256: str
    member: str

    @property
    def path(self) -> Path:
        """Where the file lies once it is there; the version is in the name."""
        return EXTRAS / self.package.replace("@", "-") / Path(self.member).name


PROGRAMS = [
    Program("chromium", "chromium", "browser tests"),
    Program("pdftotext", "poppler-utils", "reading the PDFs as other people's software does"),
    Program("java", "default-jre-headless", "the Nu HTML Checker"),
    Program("sshd", "openssh-server", "publishing to a server"),
    Program("ssh", "openssh-client", "publishing to a server"),
    Program("rsync", "rsync", "publishing to a server"),
    Program("nginx", "nginx", "the published site behind a web server"),
    Program("apache2", "apache2-bin", "the published site behind a web server"),
    Program("npm", "npm", "fetching the Nu HTML Checker and axe-core"),
]
BROTLI = Program(
    "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so", "libnginx-mod-http-brotli-static", "Brotli in nginx"
)
VNU = NpmFile(
    "vnu-jar@26.9.27",
    "5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7",
    "package/build/dist/vnu.jar",
)
AXE = NpmFile(
    "axe-core@4.14.1",
    "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
    "package/axe.min.js",
)


def ensure() -> list[str]:
    """Install what is missing, where this machine lets us. Returns a line for each thing that is still absent."""
    programs = [*PROGRAMS, BROTLI]
    missing = [program for program in programs if not program.there()]
    if missing and shutil.which("apt-get"):
        _apt_install([program.package for program in missing])
    absent = [
        f"{program.command} is absent ({program.why}): install {program.package}"
        for program in programs
        if not program.there()
    ]
    for file in (VNU, AXE):
        if not file.path.is_file() and not (shutil.which("npm") and _fetch(file)):
            absent.append(f"{file.path.name} is absent: it comes from the npm package {file.package}")
    return absent


def _apt_install(packages: list[str]) -> None:
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        print(f"To run every test: sudo apt-get install {' '.join(packages)}")
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}

    def apt(*words: str) -> bool:
        command = ["apt-get", "--quiet", *words]
        return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0

    install = ["install", "--yes", "--no-install-recommends"]
    apt("update")
    if not apt(*install, *packages):  # a release of Debian may lack one of them
        for package in packages:
            apt(*install, package)


def _fetch(file: NpmFile) -> bool:
    """Get one file by `npm pack`, which runs nothing of the package. Raises ValueError when its hash is another."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["npm", "pack", "--silent", file.package], cwd=folder, capture_output=True, check=False)
        tarballs = list(Path(folder).glob("*.tgz"))
        if done.returncode or not tarballs:
            return False
        found = hashlib.sha256(tarballs[0].read_bytes()).hexdigest()
        if found != file.sha256:
            raise ValueError(f"{file.package} is not what it was: its SHA-256 is {found}, not {file.sha256}")
        with tarfile.open(tarballs[0]) as tarball:
            member = tarball.extractfile(file.member)
            if member is None:
                return False
            file.path.parent.mkdir(parents=True, exist_ok=True)
            aside = file.path.with_suffix(".new")
            aside.write_bytes(member.read())
            aside.replace(file.path)
    return True
