"""Makes `.venv` and installs the lock there, telling how far it is: `python3 tools/install.py [--tests]`.

The one file that must run before anything is installed, and be understood by a Python that is too old: it imports the
standard library alone, and uses no syntax newer than Python 3.6. `make`, and whatever starts the site by a double
click, call it first; where everything is there already it takes a few hundredths of a second.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / ".installed"  # the SHA-256 of each lock that is in place, a line each
OLDEST = (3, 11)
TERMINAL = sys.stdout.isatty()

WORDS = {
    "en": {
        "old": "This is Python {found}; the site needs 3.11 or newer. Install it from python.org/downloads, "
        "or name another one: make {goal} PYTHON=python3.13",
        "venv": "Python cannot make an environment here: {reason}. "
        "On Debian or Ubuntu: sudo apt-get install python3-venv",
        "running": "The first time, what the site needs is fetched ({count} packages).",
        "tests": "The first time, what the tests need is fetched ({count} packages).",
        "unpacking": "unpacking",
        "done": "Everything is there.",
        "failed": "Not everything could be fetched. Look whether this machine reaches the internet, then try again. "
        "The last words of pip:",
    },
    "fr": {
        "old": "Ceci est Python {found} ; le site demande la version 3.11 ou une plus récente. Installez-la depuis "
        "python.org/downloads, ou nommez-en une autre : make {goal} PYTHON=python3.13",
        "venv": "Python ne peut pas créer d’environnement ici : {reason}. "
        "Sous Debian ou Ubuntu : sudo apt-get install python3-venv",
        "running": "La première fois, ce dont le site a besoin est téléchargé ({count} modules).",
        "tests": "La première fois, ce dont les tests ont besoin est téléchargé ({count} modules).",
        "unpacking": "mise en place",
        "done": "Tout est là.",
        "failed": "Tout n’a pas pu être téléchargé. Vérifiez que cet ordinateur est relié à internet, puis réessayez. "
        "Derniers mots de pip :",
    },
}


def words(name: str, **values: object) -> str:
    """A sentence in the language of this machine, English where it is neither of the two."""
    spoken = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return WORDS["fr" if spoken.lower().startswith("fr") else "en"][name].format(**values)


def runs(*arguments: str) -> bool:
    """Whether the environment's Python is there and does this without an error."""
    try:
        return subprocess.call([str(PYTHON), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def digest(lock: Path) -> str:
    """What the stamp says of a lock: its name and SHA-256, and the Python it was installed for."""
    return f"{lock.name} {hashlib.sha256(lock.read_bytes()).hexdigest()} {sys.version_info[0]}.{sys.version_info[1]}"


def installed(lock: Path) -> bool:
    """Whether this very lock is in place, in an environment that still starts (its Python may be gone since)."""
    return STAMP.is_file() and digest(lock) in STAMP.read_text().splitlines() and runs("-c", "")


def pinned(lock: Path) -> int:
    """How many packages a lock names (markers may choose among several versions of one)."""
    return len(set(re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.M)))


def make_environment(uv: "str | None") -> None:
    """A fresh `.venv`, unless one is there that works. Exits with a sentence where Python cannot make one."""
    if runs("-c" if uv else "-m", "" if uv else "pip"):
        return
    if uv and subprocess.call([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]) == 0:
        return
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if made.returncode:
        sys.exit(words("venv", reason=" ".join(made.stdout.decode(errors="replace").split())[:200]))


def fetch(lock: Path, uv: "str | None") -> "tuple[int, list[str]]":
    """Install the lock, with uv where it is there, else with pip. Returns the exit code and the last lines printed."""
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(lock)]
    total, seen, last = pinned(lock), 0, []  # type: int, int, list[str]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for raw in process.stdout or ():
        line = raw.decode(errors="replace").rstrip()
        last = [*last[-9:], line]
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
        if found:
            seen += 1
            tell(f"{min(seen, total)}/{total} {found.group(1)}")
        elif line.startswith("Installing collected packages"):
            tell(words("unpacking"))
    return process.wait(), last


def tell(line: str) -> None:
    """How far it is: always in one place on a terminal, a line each elsewhere."""
    print(f"\r\x1b[K  {line}" if TERMINAL else f"  {line}", end="" if TERMINAL else "\n", flush=True)


def main(arguments: "list[str]") -> None:
    """Exits with one sentence that says what to do where the environment cannot be made."""
    for_tests = "--tests" in arguments
    if sys.version_info[:2] < OLDEST:
        found = "{}.{}.{}".format(*sys.version_info[:3])
        sys.exit(words("old", found=found, goal="test" if for_tests else "serve"))
    lock = ROOT / ("requirements-dev.txt" if for_tests else "requirements.txt")
    if installed(lock) or (not for_tests and installed(ROOT / "requirements-dev.txt")):
        return
    print(words("tests" if for_tests else "running", count=pinned(lock)), flush=True)
    uv = shutil.which("uv")
    make_environment(uv)
    code, last = fetch(lock, uv)
    if code and uv:  # it may know another index than pip does
        make_environment(None)
        code, last = fetch(lock, None)
    if code:
        sys.exit("\n".join(["", words("failed"), *last]))
    others = [line for line in STAMP.read_text().splitlines() if lock.name not in line] if STAMP.is_file() else []
    STAMP.write_text("\n".join([*others, digest(lock), ""]))
    tell(words("done"))
    print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
