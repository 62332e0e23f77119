"""The key by which a server shows that it is the one: what it shows, what is known of it, and the owner's yes to it.

Nothing is believed by itself: an unknown key is shown, and written down only when the owner has compared it with what
the host publishes; for one that has changed there is no yes. Formats: sshd(8), SSH_KNOWN_HOSTS; ssh-keyscan(1).
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .config import RcloneTarget, SshTarget
from .hosts.ssh import Server

PATIENCE = 15  # seconds for a server to show its keys
KIND = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+)")
KNOWN = "~/.ssh/known_hosts"
# What a connection may agree on, where the key of a kind is the known one: else Go's ssh asks for another kind first.
ALGORITHMS = {"ssh-rsa": "rsa-sha2-512 rsa-sha2-256"}


@dataclass(frozen=True)
class HostKey:
    """A server's key. `data` is base64."""

    kind: str
    data: str

    @property
    def fingerprint(self) -> str:
        """As ssh shows it, and hosts publish it."""
        digest = hashlib.sha256(base64.b64decode(self.data)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    @property
    def algorithms(self) -> str:
        return ALGORITHMS.get(self.kind, self.kind)


@dataclass(frozen=True)
class Place:
    """A server that speaks ssh, and the files with the keys that are known, of which the first is written to."""

    host: str
    port: int
    files: tuple[Path, ...]
    direct: bool = True  # whether this machine connects to it itself, and not through another

    @property
    def name(self) -> str:
        """What it is called in those files."""
        return self.host if self.port == 22 else f"[{self.host}]:{self.port}"


def place_of_server(config: SshTarget) -> Place:
    """Where ssh itself would connect to, with all that its configuration says. Raises PublishError."""
    server = Server(config)
    command = [*server.ssh(), "-G", "--", config.host]
    server.close()
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", timeout=PATIENCE)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    files = f"{said.get('userknownhostsfile', KNOWN)} {said.get('globalknownhostsfile', '')}".split()
    host = said.get("hostkeyalias") or said.get("hostname") or config.host.rpartition("@")[2]
    direct = not ({"proxyjump", "proxycommand", "hostkeyalias"} & {key for key in said if said[key] != "none"})
    return Place(host, int(said.get("port", 22)), tuple(Path(file).expanduser() for file in files), direct)


def place_of_remote(config: RcloneTarget, remote: dict[str, str]) -> Place:
    """Where rclone connects to for a remote of SFTP."""
    files = (Path(remote.get("known_hosts_file") or KNOWN).expanduser(),)
    return Place(remote.get("host", ""), int(remote.get("port") or 22), files)


def shown(place: Place) -> list[HostKey]:
    """The keys that the server shows now, the usual kind first; none where it shows none."""
    command = ["ssh-keyscan", "-T", str(PATIENCE - 5), "-p", str(place.port), "--", place.host]
    return _keys(_run(command))


def known(place: Place) -> list[HostKey]:
    """The keys that this machine knows for it."""
    found: list[HostKey] = []
    for file in place.files:
        if file.is_file():
            found += _keys(_run(["ssh-keygen", "-F", place.name, "-f", str(file)]))
    return found


def accept(place: Place, key: HostKey) -> None:
    """Know it from now on. Raises OSError."""
    file = place.files[0]
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+", encoding="utf-8") as lines:
        text = lines.read()
        ending = "" if not text or text.endswith("\n") else "\n"
        lines.write(f"{ending}{place.name} {key.kind} {key.data}\n")


def own_key() -> Path:
    """Where the desk's own key for hosts is, or would be; its public half beside it, with .pub."""
    return Path("~/.ssh/human-trajectory-makers").expanduser()


def make_key() -> str:
    """The public line of the desk's own key, which is made where it is not there. Raises OSError."""
    key = own_key()
    public = key.with_name(f"{key.name}.pub")
    if not key.exists() and not public.exists():
        if not shutil.which("ssh-keygen"):
            raise FileNotFoundError(2, os.strerror(2), "ssh-keygen")
        key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "Human Trajectory Makers", "-f", str(key)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    return public.read_text(encoding="utf-8").strip()


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, encoding="utf-8", timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _keys(lines: str) -> list[HostKey]:
    """The keys in the lines of a known_hosts file, those of the kind that hosts publish first."""
    found = []
    for words in (line.split() for line in lines.splitlines() if not line.startswith("#")):
        if len(words) >= 3 and KIND.fullmatch(words[1]):
            found.append(HostKey(words[1], words[2]))
    return sorted(found, key=lambda key: ("ssh-ed25519", "ecdsa", "ssh-rsa").index(key.kind.split("-sha2")[0]))
