"""Hosting of each kind on this machine, by `rclone serve`: with TLS where it is not SSH, and a full disk on demand."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.desk.ftps import Front
from tests.publish.servers import Account, borrowed, end, free_port, wait_for
from tools.publish.hosts.program import program

USER, PASSWORD = "marie", "un/mot de'passe:7"
KEY_ID, SECRET_KEY = "AKMARIE", "s3cret/of+marie"


@dataclass
class Hosting:
    """An account with a host of this kind; `served` is what the host has on its disk."""

    kind: str
    served: Path
    port: int
    process: subprocess.Popen[bytes]
    front: Front | None = None

    def fields(self, **others: str) -> dict[str, str]:
        """What the owner types into the form."""
        address = f"https://localhost:{self.port}" if self.kind in ("webdav", "s3") else "localhost"
        found = {"address": address, "port": str(self.port), "user": USER, "password": PASSWORD, "folder": "www"}
        if self.kind == "s3":
            found |= {"user": KEY_ID, "password": SECRET_KEY, "region": ""}
        return found | {"url": "", "headers": "1", "missing": "1"} | others

    @property
    def secret(self) -> str:
        return SECRET_KEY if self.kind == "s3" else PASSWORD

    def stop(self) -> None:
        if self.front:
            self.front.close()
        end(self.process)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that nobody else has signed, and its key."""
    made, key = folder / "cert.pem", folder / "key.pem"
    if not made.exists():
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run([*command, "-out", str(made), "-keyout", str(key)], check=True, capture_output=True)
        key.chmod(0o644)  # of nobody, and the server runs as another account
    return made, key


def serve(kind: str, folder: Path, account: Account) -> Hosting:
    """Start it, with an empty folder www."""
    served, home = folder / "served", folder / "home"
    (served / "www").mkdir(parents=True)
    home.mkdir()
    made, key = certificate(folder)
    account.own(folder)
    port = free_port()
    options = ["--user", USER, "--pass", PASSWORD]
    if kind == "s3":
        options = ["--auth-key", f"{KEY_ID},{SECRET_KEY}"]
    if kind in ("webdav", "s3"):
        options += ["--cert", str(made), "--key", str(key)]
    command = [borrowed(program(), folder.parent), "serve", kind, str(served), "--addr", f"127.0.0.1:{port}"]
    if kind == "ftp":
        command += ["--passive-port", "32100-32400"]
    command += ["--vfs-cache-mode", "off", "--dir-cache-time", "50ms", *options]
    process = account.start(command, env={"HOME": str(home), "PATH": os.environ["PATH"]}, cwd=home)
    wait_for(port, process)
    front = Front(port, made, key) if kind == "ftp" else None
    return Hosting(kind, served, front.port if front else port, process, front)
