"""WebKit, the engine of Safari: Debian's WebKitGTK, spoken to by W3C WebDriver on a screen of its own (Xvfb)."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import urllib3

from tests.engines.downloads import saved_by
from tests.fonts import environment
from tests.publish.servers import free_port, wait_for

BROWSER = "webkit2gtk-4.1/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how WebDriver names an element (W3C WebDriver, 12.1)
NARROW = (
    "* { min-width: 0; padding: 0; margin: 0; border: 0; font-size: 0; }"  # of the toolbar, which keeps a window wide
)
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " "}


class WebKit:
    """One window of WebKit; `dark` is its desktop's theme, `large` text at 200 %."""

    name = "webkit"

    def __init__(self, dark: bool = False, large: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="webkit-"))
        read, write = os.pipe()
        screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x2200x24", "-nolisten", "tcp"]
        self.screen = subprocess.Popen(screen, pass_fds=(write,), stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            display = said.readline().strip()
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        (self.folder / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="{self.downloads}"\n', encoding="utf-8")
        settings = self.folder / "gtk-3.0"
        settings.mkdir()
        (settings / "gtk.css").write_text(NARROW, encoding="utf-8")
        (settings / "settings.ini").write_text("[Settings]\ngtk-enable-animations = 0\n", encoding="utf-8")
        port = free_port()
        self.surroundings = environment() | {
            "DISPLAY": f":{display}",
            "GTK_THEME": "Adwaita:dark" if dark else "Adwaita",
            "GDK_BACKEND": "x11",
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # no namespaces for root; it reads this site alone
            "NO_AT_BRIDGE": "1",
            "XDG_CONFIG_HOME": str(self.folder),
        }
        self.driver = subprocess.Popen(
            ["WebKitWebDriver", f"--port={port}"],
            env=self.surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(port, self.driver)
        self.http = urllib3.HTTPConnectionPool("127.0.0.1", port, timeout=60)
        binary = next(Path("/usr/lib").glob(f"*/{BROWSER}"))
        options = {"binary": str(binary), "args": ["--automation", "--zoom-text-only=true"]}
        made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}})
        self.session = f"/session/{made['sessionId']}"
        self._at_window("windowfocus", "--sync")
        if large:
            self._enlarge()

    def _at_window(self, *commands: str) -> None:
        """What a reader's hand does to the window, which nothing else on its screen gives the focus."""
        window = ["xdotool", "search", "--onlyvisible", "--class", "MiniBrowser"]
        subprocess.run([*window, *commands], env=self.surroundings, check=True)

    def _enlarge(self) -> None:
        """Text twice as large, by the shortcut a reader has for it: MiniBrowser has no setting of its own."""
        size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        shown, wanted = self.evaluate(size), 2 * self.evaluate(size)
        while shown < wanted:
            self._at_window("key", "ctrl+plus")
            look = f"{size} > {shown} ? done({size}) : requestAnimationFrame(() => look(done))"
            shown = self.evaluate(f"new Promise(function look(done) {{ {look} }})")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if method != "POST" else json.dumps(body or {})
        answer = self.http.request(method, path, body=data, headers={"Content-Type": "application/json"})
        value = json.loads(answer.data)["value"]
        assert answer.status == 200, value
        return value

    def _do(self, path: str, **body: Any) -> Any:
        return self._ask("POST", self.session + path, body)

    def open(self, address: str) -> None:
        """Load a page to its end."""
        self._do("/url", url=address)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        told = "then((value) => done({ value }), (error) => done({ error: String(error) }))"
        script = f"const done = arguments[0]; Promise.resolve().then(() => ({expression})).{told};"
        value = self._do("/execute/async", script=script, args=[])
        assert "error" not in value, value["error"]
        return value.get("value")

    def resize(self, width: int, height: int = 900) -> None:
        """Make the page this wide inside, whatever frame the window has."""
        for _ in range(3):
            inner, outer = self.evaluate("innerWidth"), self._ask("GET", self.session + "/window/rect")
            if inner == width:
                return
            self._do("/window/rect", x=0, y=0, width=outer["width"] + width - inner, height=height)
            self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def find(self, selector: str) -> str:
        return str(self._do("/element", using="css selector", value=selector)[ELEMENT])

    def click(self, selector: str) -> None:
        self._do(f"/element/{self.find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        self._do(f"/element/{self.find(selector)}/value", text=text)

    def press(self, key: str) -> None:
        pressed = [{"type": kind, "value": KEYS[key]} for kind in ("keyDown", "keyUp")]
        self._do("/actions", actions=[{"type": "key", "id": "keyboard", "actions": pressed}])

    def choose(self, selector: str, file: Path) -> None:
        """Give a file to a file field."""
        self.type(selector, str(file))

    def download(self, selector: str) -> Path:
        """The file that a click gives."""
        return saved_by(lambda: self.click(selector), self.downloads)

    def pdf(self) -> bytes:
        """WebDriver has no printing in WebKitGTK."""
        raise NotImplementedError

    def close(self) -> None:
        self._ask("DELETE", self.session)
        for process in (self.driver, self.screen):
            process.terminate()
            process.wait(20)
