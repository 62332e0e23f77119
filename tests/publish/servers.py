"""Real servers on the loopback interface, for tests: sshd, nginx, rclone; a small proxy that can break a connection."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import random
import select
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.extras import which

SSHD = "/usr/sbin/sshd"  # sshd insists on its whole path
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
USER = f"publish-test-{os.getpid()}"  # of its own, or another run of the tests could take it away


def free_port() -> int:
    """A port that no connection is given by itself, and hardly another run of the tests at the same time."""
    while True:
        port = random.SystemRandom().randrange(10_240, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def reachable(parents: Sequence[Path]) -> Path:
    """The first folder that another account may walk into and run programs in. One below root's home is none."""

    def fits(folder: Path) -> bool:
        entered = all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents))
        return entered and os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_NOEXEC

    return next(folder for folder in parents if fits(folder))


def borrowed(program: str, folder: Path) -> str:
    """A copy of a program in a folder that another account may walk into."""
    copy = folder / Path(program).name
    if not copy.exists():
        shutil.copy(program, copy)
        copy.chmod(0o755)
    return str(copy)


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until something listens on `port`. Raises AssertionError when the process has ended or 20 seconds are over."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process is None or process.poll() is None, f"{process.args!r} has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        select.select([], [], [], 0.02)
    raise AssertionError(f"nothing listens on port {port}")


@dataclass(frozen=True)
class Account:
    """Whom the servers run as: never root, where it can be helped."""

    name: str
    uid: int
    gid: int
    made: bool = False

    @property
    def is_root(self) -> bool:
        return self.uid == 0

    def own(self, *paths: Path) -> None:
        """Give files and folders to this account."""
        if os.geteuid() == 0:
            for path in paths:
                for file in [path, *path.rglob("*")]:
                    os.chown(file, self.uid, self.gid, follow_symlinks=False)

    def start(self, arguments: list[str], **options: object) -> subprocess.Popen[bytes]:
        """Start a program as this account, silent."""
        as_other = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        return subprocess.Popen(arguments, **(quiet | as_other | options))  # type: ignore[call-overload, no-any-return]


@contextlib.contextmanager
def unprivileged() -> Iterator[Account]:
    """This account, or as root one made for the time of the tests: sshd runs the login shell of whoever it is."""
    if os.geteuid() != 0:
        entry = pwd.getpwuid(os.geteuid())
        yield Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        return
    useradd = which("useradd")
    made = useradd and one_at_a_time([useradd, "--system", "--shell", "/bin/sh", "--no-create-home", USER])
    try:
        entry = pwd.getpwnam(USER)
        yield Account(USER, entry.pw_uid, entry.pw_gid, made=True)
    except KeyError:
        yield Account("root", 0, 0)
    finally:
        if made:
            one_at_a_time([str(which("userdel")), "--force", USER])


def one_at_a_time(command: list[str]) -> bool:
    """Change the accounts of this machine, of which another worker of the tests may be in the middle."""
    with Path("/etc/passwd").open() as accounts:
        fcntl.flock(accounts, fcntl.LOCK_EX)
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Proxy:
    """Passes connections on to a port, counts bytes, and cuts them when told, or after so many bytes."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.sent = self.received = self.connections = 0
        self.cut_after: int | None = None  # bytes sent in one connection, counted from now; then it serves again
        self.refuse = False
        self.mute = threading.Event()  # what comes is kept, and nothing goes on, while this is set
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.refuse:
                client.close()
                continue
            self.connections += 1
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            for end_ in (client, server):
                end_.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.add((client, server))
            threading.Thread(target=self._connect, args=(client, server), daemon=True).start()

    def _connect(self, client: socket.socket, server: socket.socket) -> None:
        down = threading.Thread(target=self._carry, args=(server, client, False), daemon=True)
        down.start()
        self._carry(client, server, True)
        down.join()
        with self._lock:
            self._pairs.discard((client, server))
        client.close()
        server.close()

    def _carry(self, source: socket.socket, sink: socket.socket, upwards: bool) -> None:
        done = 0
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                done += len(data)
                while self.mute.is_set() and not self._over.wait(0.02):
                    pass
                if upwards:
                    self.sent += len(data)
                    if self.cut_after is not None and done > self.cut_after:
                        self.cut_after = None
                        self.cut()
                        return
                else:
                    self.received += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Break every connection at once."""
        with self._lock:
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def close(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # or the thread waits on, and takes the next proxy's connections
        self._acceptor.join(5)
        self._listener.close()
        self.cut()


@dataclass
class Sshd:
    """An OpenSSH server with its own keys. `client` is the ssh_config that reaches it through `proxy`."""

    account: Account
    folder: Path
    proxy: Proxy
    process: subprocess.Popen[bytes]
    client: Path
    key: Path
    authorized: Path
    extra: list[Path] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path, account: Account) -> Sshd:
        """Start it, as `account`, on a free port."""
        folder.mkdir(mode=0o755)
        for name in ("host_key", "client_key"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)], check=True
            )
        port, authorized = free_port(), folder / "authorized_keys"
        authorized.write_text((folder / "client_key.pub").read_text())
        if account.is_root:
            Path("/run/sshd").mkdir(exist_ok=True)
        (folder / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host_key\nPidFile none\n"
            f"AuthorizedKeysFile {authorized}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nMaxStartups 100\n"
        )
        client_key = folder / "my_key"
        shutil.copy(folder / "client_key", client_key)
        client_key.chmod(0o600)
        account.own(folder / "host_key", authorized, folder / "sshd_config")
        log = folder / "log"
        log.touch()
        account.own(log)
        process = account.start([SSHD, "-D", "-f", str(folder / "sshd_config"), "-E", str(log)])
        wait_for(port, process)
        proxy, client = Proxy(port), folder / "ssh_config"
        hosts = folder / "known_hosts"
        hosts.write_text(f"[127.0.0.1]:{proxy.port} {(folder / 'host_key.pub').read_text()}")
        client.write_text(
            f"Host server\n  HostName 127.0.0.1\n  Port {proxy.port}\n  User {account.name}\n"
            f"  IdentityFile {client_key}\n"
            f"  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile {hosts}\n"
            "  GlobalKnownHostsFile /dev/null\n"
        )
        return cls(account, folder, proxy, process, client, client_key, authorized)

    def stop(self) -> None:
        self.proxy.close()
        end(self.process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


@dataclass
class Nginx:
    """nginx on a free port. `inside` are the lines of its server block."""

    account: Account
    folder: Path
    port: int
    inside: str
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, account: Account, inside: str) -> Nginx:
        for place in (folder, folder / "tmp", folder / "logs"):
            place.mkdir(exist_ok=True)
        port = free_port()
        module = f"load_module {BROTLI};\n" if BROTLI.exists() else ""
        (folder / "nginx.conf").write_text(
            f"{module}worker_processes 1;\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/logs/error.log;\n"
            "events { worker_connections 512; }\nhttp {\n  access_log off;\n  include /etc/nginx/mime.types;\n"
            + "".join(
                f"  {kind}_temp_path {folder}/tmp;\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"  server {{\n    listen 127.0.0.1:{port};\n{inside}\n  }}\n}}\n"
        )
        account.own(folder)
        process = account.start([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        wait_for(port, process)
        return cls(account, folder, port, inside, process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        end(self.process)


APACHE = shutil.which("apache2") or "/usr/sbin/apache2"
TYPES = """text/html html
text/css css
text/javascript js
text/plain txt
application/xml xml
image/svg+xml svg
application/pdf pdf
application/gzip gz
"""
MODULES = "mpm_event authz_core dir autoindex mime alias headers rewrite deflate filter setenvif"


@dataclass
class Apache:
    """Apache on a free port over `root`, with the rights a shared host gives its `.htaccess` files."""

    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, account: Account, root: Path) -> Apache:
        folder.mkdir()
        port, modules = free_port(), Path("/usr/lib/apache2/modules")
        lines = [f"LoadModule {name}_module {modules}/mod_{name}.so" for name in MODULES.split()]
        (folder / "apache.conf").write_text(
            "\n".join(lines) + f"\nServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\n"
            f"PidFile {folder}/pid\nErrorLog {folder}/error.log\nTypesConfig {folder}/mime.types\nMutex file:{folder}\n"
            f'DocumentRoot "{root}"\nDirectoryIndex index.html\n'
            f'<Directory "{root}">\nRequire all granted\nAllowOverride All\nOptions FollowSymLinks\n</Directory>\n'
        )
        (folder / "mime.types").write_text(TYPES)
        account.own(folder)
        process = account.start([APACHE, "-f", str(folder / "apache.conf"), "-DFOREGROUND"])
        wait_for(port, process)
        return cls(port, process)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        end(self.process)


@dataclass
class Cloud:
    """`rclone serve s3` or `serve sftp` over a folder; `config` is the rclone configuration that reaches it."""

    kind: str
    served: Path
    config: Path
    proxy: Proxy
    process: subprocess.Popen[bytes]
    account: Account

    @classmethod
    def start(cls, kind: str, folder: Path, account: Account, rclone: str) -> Cloud:
        served, home = folder / "served", folder / "home"
        (served / "site").mkdir(parents=True)
        home.mkdir()
        account.own(folder)
        port = free_port()
        options = {
            "s3": ["--auth-key", "test-id,test-secret"],
            "sftp": ["--user", "test", "--pass", "test-password"],
            "webdav": ["--user", "test", "--pass", "test-password"],
        }[kind]
        command = [
            borrowed(rclone, folder.parents[1]),
            "serve",
            kind,
            str(served),
            "--addr",
            f"127.0.0.1:{port}",
            "--vfs-cache-mode",
            "off",
        ]
        command += ["--dir-cache-time", "50ms", *options]
        process = account.start(command, env={"HOME": str(home), "PATH": os.environ["PATH"]}, cwd=home)
        wait_for(port, process)
        proxy = Proxy(port)
        obscured = subprocess.run([rclone, "obscure", "test-password"], capture_output=True, text=True, check=True)
        entry = {
            "s3": "type = s3\nprovider = Rclone\naccess_key_id = test-id\nsecret_access_key = test-secret\n"
            f"endpoint = http://127.0.0.1:{proxy.port}\n",
            "sftp": f"type = sftp\nhost = 127.0.0.1\nport = {proxy.port}\nuser = test\n"
            f"pass = {obscured.stdout.strip()}\nknown_hosts_file = {folder}/known_hosts\n",
            "webdav": f"type = webdav\nurl = http://127.0.0.1:{proxy.port}\nvendor = rclone\nuser = test\n"
            f"pass = {obscured.stdout.strip()}\n",
        }[kind]
        config = folder / "rclone.conf"
        config.write_text(f"[store]\n{entry}")
        if kind == "sftp":
            keys = subprocess.run(
                ["ssh-keyscan", "-p", str(proxy.port), "127.0.0.1"], capture_output=True, text=True, check=True
            )
            (folder / "known_hosts").write_text(keys.stdout)
        return cls(kind, served, config, proxy, process, account)

    def stop(self) -> None:
        self.proxy.close()
        end(self.process)
