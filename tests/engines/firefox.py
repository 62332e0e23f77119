"""Firefox, as Debian ships it: spoken to by W3C WebDriver BiDi on its own port, without a driver program."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.engines.downloads import saved_by
from tests.fonts import environment
from tests.publish.servers import free_port, wait_for

PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.search.update": False,
    "dom.disable_beforeunload": True,  # a question before a page is left would stand in the way of all that follows
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "focusmanager.testmode": True,  # a window without a screen has the focus
    "general.smoothScroll": False,
    "intl.locale.requested": "en-GB",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,none",
    "ui.prefersReducedMotion": 1,
    "toolkit.telemetry.enabled": False,
}
# Actions press where an element is, and do not wait until the page has come to rest.
IN_VIEW = """(element) => new Promise((done) => {
    let frames = 0;
    (function look() {
      const { top, bottom } = element.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) {
        element.scrollIntoView({ block: "center", behavior: "instant" });
        frames = 0;
      }
      frames++ < 3 ? requestAnimationFrame(look) : done();
    })();
  })"""
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " "}


class Firefox:
    """One window of Firefox, without a screen."""

    name = "firefox"

    def __init__(self, **preferences: Any) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="firefox-"))
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        chosen = {"browser.download.dir": str(self.downloads), "browser.download.folderList": 2}
        written = [
            f"user_pref({json.dumps(key)}, {json.dumps(value)});"
            for key, value in (PREFERENCES | chosen | preferences).items()
        ]
        (self.folder / "user.js").write_text("\n".join(written), encoding="utf-8")
        port = free_port()
        command = ["firefox-esr", "--headless", "--no-remote", "--profile", str(self.folder)]
        surroundings = environment() | {"MOZ_DISABLE_CONTENT_SANDBOX": "1", "MOZ_CRASHREPORTER_DISABLE": "1"}
        self.process = subprocess.Popen(
            [*command, "--remote-debugging-port", str(port)],
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(port, self.process)
        self.connection = ExitStack()
        address = f"ws://127.0.0.1:{port}/session"
        self.socket: ClientConnection = self.connection.enter_context(connect(address, max_size=None, open_timeout=60))
        self.numbers = itertools.count()
        self._ask("session.new", capabilities={})
        # A tab of its own has the focus from its beginning; the one that Firefox starts with does not.
        self.context = self._ask("browsingContext.create", type="tab")["context"]

    def _ask(self, method: str, **parameters: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.socket.recv(timeout=120))).get("id") != number:
            pass
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, address: str) -> None:
        """Load a page to its end."""
        self._ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self._ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify({{ value }}))",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"]).get("value")

    def resize(self, width: int, height: int = 900) -> None:
        """Make the page this wide inside."""
        self._ask("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})
        is_wide = self.evaluate(f"""new Promise((done) => (function look() {{
          innerWidth === {width} ? done(true) : requestAnimationFrame(look);
        }})())""")
        assert is_wide

    def _element(self, selector: str) -> dict[str, str]:
        located = {"type": "css", "value": selector}
        nodes = self._ask("browsingContext.locateNodes", context=self.context, locator=located, maxNodeCount=1)["nodes"]
        assert nodes, selector
        return {"sharedId": nodes[0]["sharedId"]}

    def click(self, selector: str) -> None:
        self.evaluate(f"({IN_VIEW})(document.querySelector({json.dumps(selector)}))")
        move = {
            "type": "pointerMove",
            "x": 0,
            "y": 0,
            "origin": {"type": "element", "element": self._element(selector)},
        }
        pressed = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._perform({"type": "pointer", "id": "mouse", "actions": pressed})

    def type(self, selector: str, text: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        self._keys(text)

    def press(self, key: str) -> None:
        self._keys(KEYS[key])

    def _keys(self, text: str) -> None:
        pressed = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keyboard", "actions": pressed})

    def _perform(self, source: dict[str, Any]) -> None:
        self._ask("input.performActions", context=self.context, actions=[source])

    def choose(self, selector: str, file: Path) -> None:
        """Give a file to a file field."""
        self._ask("input.setFiles", context=self.context, element=self._element(selector), files=[str(file)])

    def download(self, selector: str) -> Path:
        """The file that a click gives."""
        return saved_by(lambda: self.click(selector), self.downloads)

    def pdf(self) -> bytes:
        """The page as it is printed, on A4."""
        page = {"width": 21.0, "height": 29.7}
        return base64.b64decode(self._ask("browsingContext.print", context=self.context, page=page)["data"])

    def close(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)
