"""Publishing from the desk, on a real server: what changes, each step, the way back; and what the desk tells after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from plugins.problems import ROOT
from tests.desk.publishing import PAGE, Publisher
from tests.publish.conftest import Host, account, ground, host, sshd, web  # noqa: F401 - fixtures
from tests.publish.sites import seen
from tests.tools.preview_session import until
from tools.desk.publishing import publish as publishing
from tools.publish.job import PLACE, last_job, running
from tools.publish.record import last_published


@pytest.fixture
def owner(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publisher:  # noqa: F811
    made = Publisher(tmp_path / "project", monkeypatch)
    made.target(**host.config().model_dump(exclude={"name"}))
    return made


def test_publish_look_and_undo(owner: Publisher, host: Host) -> None:  # noqa: F811
    owner.site("one")
    assert "the whole site goes online" in owner.reads()
    owner.do("publish")
    assert seen(host.nginx.url) == {"one"}
    page = owner.reads()
    assert "Your site is live" in page
    assert host.nginx.url in page
    assert "Nothing was written since" in page
    first = last_published(owner.root)
    assert first is not None
    assert first.release == host.live

    owner.write("content/en/pages/faq.md", PAGE.format(title="Questions", slug="faq", text="What people ask at first."))
    answer = owner.ask("publish")
    page = " ".join(answer.page.get_text(" ").split())
    assert "Changed: Questions (EN)" in page
    assert [one.text for one in answer.page.find_all("ins")][-1].endswith("at first.]")
    links = [str(link["href"]) for link in answer.page.find_all("a")]
    assert f"{host.nginx.url}/en/faq/" in links, "as readers have it now"
    assert "/en/faq/" in links, "as it will be"

    owner.site("two")
    owner.do("rehearse")
    assert "Questions (EN) – as readers have it now" in owner.reads()
    assert seen(host.nginx.url) == {"one"}
    owner.do("publish")
    assert seen(host.nginx.url) == {"two"}
    assert "Nothing was written since" in owner.reads()

    owner.do("rollback")
    assert seen(host.nginx.url) == {"one"}
    assert "The earlier site is live again" in owner.reads()
    assert "Changed: Questions (EN)" in owner.reads(), "readers have the words of before again"
    assert last_published(owner.root) == first

    earlier = owner.ask("publish/earlier").page
    assert "this is live" in earlier.text
    (other,) = [str(field["value"]) for field in earlier.find_all("input", {"name": "release"})]
    owner.do("rollback", release=other)
    assert seen(host.nginx.url) == {"two"}
    assert "Nothing was written since" in owner.reads()


STEPS = {  # at which the publisher is killed: what readers have then, and what the desk says of it
    "after lock": "old",
    "during upload": "old",
    "after verify": "old",
    "after switch": "new",
    "after check": "new",
}
BROKEN = {"old": "Readers have the site as it was, whole", "new": "the new site is live, and whole"}


OFTEN = ("during upload", "after switch")
KILLED = [pytest.param(step, marks=[] if step in OFTEN else pytest.mark.long) for step in STEPS]


@pytest.mark.parametrize("step", KILLED)
def test_killed(owner: Publisher, host: Host, step: str) -> None:  # noqa: F811
    """The computer goes out in the middle. The desk, when it is back, says which site readers have."""
    host.begin("old")
    owner.site("new", step)
    owner.do("publish")
    assert seen(host.nginx.url) == {STEPS[step]}
    owner.open()
    page = owner.reads()
    assert "It was broken off" in page
    assert BROKEN[STEPS[step]] in page
    assert bool(last_published(owner.root)) == (STEPS[step] == "new"), "what readers have, the desk knows"
    owner.site("newer")
    owner.do("publish")
    assert seen(host.nginx.url) == {"newer"}
    assert "Your site is live" in owner.reads()


def test_killed_and_the_host_does_not_answer(owner: Publisher, host: Host) -> None:  # noqa: F811
    host.begin("old")
    owner.site("new", "after switch")
    owner.do("publish")
    host.sshd.proxy.refuse = True
    assert "is not known yet" in owner.reads()
    host.sshd.proxy.refuse = False
    assert BROKEN["new"] in owner.reads()


def test_told_to_stop(owner: Publisher, host: Host) -> None:  # noqa: F811
    host.begin("old")
    owner.site("new", "after switch", "SIGTERM")
    owner.do("publish")
    assert seen(host.nginx.url) == {"old"}
    page = owner.reads()
    assert "It was not published" in page
    assert "the live site is whole" in page


def test_a_desk_that_is_killed_stops_nothing(owner: Publisher, host: Host) -> None:  # noqa: F811
    """It starts the publisher and dies at once, as all of its group; another desk finds it going on, then ended."""
    owner.site("one", "before upload", "SIGSTOP")
    code = (
        "import os, signal, sys, pathlib; from tools.publish.job import start\n"
        "start(sys.argv[2:], pathlib.Path(sys.argv[1])); os.killpg(0, signal.SIGKILL)"
    )
    command = [sys.executable, "-c", code, str(owner.root), *publishing.COMMAND, "publish"]
    done = subprocess.run(command, cwd=ROOT, check=False, start_new_session=True)
    assert done.returncode == -signal.SIGKILL
    steps = owner.root / PLACE
    until(lambda: steps.exists() and '"upload"' in steps.read_text(), "it comes to the upload")
    until(lambda: stopped(owner.root), "it waits")
    page = owner.ask("publish")
    assert "Publishing" in page.page.text
    assert [step["data-state"] for step in page.page.select("[data-step]")][:3] == ["done", "done", "now"]
    assert page.page.select_one('noscript meta[http-equiv="refresh"]')
    told = owner.ask("publish/steps").json
    assert told["busy"]
    assert told["steps"]["upload"] == ["now", "going on"]

    assert owner.ask("publish", {"do": "publish"}).status == 303
    assert running(owner.root), "a second click disturbs nothing"
    os.kill(stopped(owner.root), signal.SIGCONT)
    owner.ended()
    assert seen(host.nginx.url) == {"one"}
    assert "Your site is live" in owner.reads()
    assert not owner.ask("publish/steps").json["busy"]


def stopped(root: Path) -> int:
    """The number of the publisher of this project that waits; 0 where none does."""
    for place in Path("/proc").glob("[0-9]*"):
        words = (place / "cmdline").read_bytes().split(b"\0") if (place / "cmdline").exists() else []
        if b"tests.desk.publisher" in words and str(root).encode() in words:
            state = (place / "stat").read_text().rpartition(") ")[2][0]
            if state == "T":
                return int(place.name)
    return 0


def test_the_connection_breaks(owner: Publisher, host: Host) -> None:  # noqa: F811
    host.begin("old")
    owner.target(**host.config(transfer="tar").model_dump(exclude={"name"}))
    owner.site("new", "before upload", "SIGSTOP")
    assert owner.ask("publish", {"do": "publish"}).status == 303
    steps = owner.root / PLACE
    until(lambda: steps.exists() and '"upload"' in steps.read_text(), "it comes to the upload")
    host.sshd.proxy.cut()
    host.sshd.proxy.cut_after = 14_000  # in the middle of what is sent
    until(lambda: stopped(owner.root), "it waits")
    os.kill(stopped(owner.root), signal.SIGCONT)
    owner.ended()
    assert host.sshd.proxy.cut_after is None
    assert seen(host.nginx.url) == {"old"}
    answer = owner.ask("publish")
    assert "the connection to server" in answer.page.text
    assert [step["data-state"] for step in answer.page.select("[data-step]")].count("failed") == 1
    owner.site("newer")
    owner.do("publish")
    assert seen(host.nginx.url) == {"newer"}


def test_the_disk_of_the_host_is_full(owner: Publisher, host: Host) -> None:  # noqa: F811
    size = f"size=200k,uid={host.sshd.account.uid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", host.folder], check=False)
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        owner.site("new")
        owner.do("publish")
        page = owner.reads()
        assert "this release needs" in page
        assert "Free some space on the host" in page
        assert "the disk there is nearly full" in owner.ask("place/try", {}).page.text
    finally:
        subprocess.run(["umount", "--lazy", host.folder], check=True)


def test_readers_do_not_get_it(owner: Publisher, host: Host) -> None:  # noqa: F811
    """The public address shows something else: what was live before is so again, and that is said with its date."""
    host.begin("old")
    owner.target(**host.config(url="http://127.0.0.1:1").model_dump(exclude={"name"}))
    owner.site("new")
    owner.do("publish")
    assert seen(host.nginx.url) == {"old"}
    page = owner.reads()
    assert "the live site does not check out" in page
    assert "Live again: publication of " in page
    assert "Look whether the web server runs" in page


def test_what_fails_is_told_with_what_to_do_on_the_desk(owner: Publisher, host: Host) -> None:  # noqa: F811
    host.begin("old")
    owner.target(**host.config(folder=f"{host.folder}/nowhere").model_dump(exclude={"name"}))
    owner.site("new")
    owner.do("publish")
    for lang in ("en", "fr"):
        page = owner.reads(lang=lang)
        assert f"{host.folder}/nowhere" in page
        for word in ("publish.toml", "invoke", "rclone", "Traceback"):
            assert word not in page
    assert "Open “Where it goes” and try the connection" in owner.reads()


def test_somebody_else_is_publishing(owner: Publisher, host: Host) -> None:  # noqa: F811
    host.begin("old")
    (host.folder / "lock").write_text("cafe elsewhere her@far-away\n")
    host.sshd.account.own(host.folder / "lock")
    owner.site("new")
    owner.do("publish")
    answer = owner.ask("publish")
    assert "her@far-away is publishing" in answer.page.text
    assert "--break-lock" not in answer.text
    assert "Go on all the same" in answer.page.text
    owner.do("publish", anyway="1")
    assert seen(host.nginx.url) == {"new"}


def test_what_stops_it_is_told_and_there_is_no_button(owner: Publisher) -> None:
    owner.site("one")
    owner.app.state.preview.build = SimpleNamespace(gaps=["name"])
    answer = owner.ask("publish")
    assert "What stands in the way" in answer.page.text
    assert answer.page.select('a[href="/.preview/facts"]')
    assert not answer.page.select('input[name="do"][value="publish"]')
    assert answer.page.select('input[name="do"][value="rehearse"]')
    (owner.root / "publish.toml").unlink()
    assert "It is not said yet where the site goes" in owner.reads()


def test_what_the_checks_find_leads_to_its_place(owner: Publisher) -> None:
    owner.site("one")
    driver = owner.root / "driver.py"
    driver.write_text(
        "import sys; from pathlib import Path; from plugins.problems import Problem, say\n"
        "from tools.publish import gate, job, locking\n"
        "def refused(*_):\n"
        '    gate.refuse([Problem("content/en/pages/faq.md", 8, say("a tab is there"), say("Take it out."))])\n'
        "gate.fresh_build, gate.warnings, locking.FOLDER = refused, list, Path(sys.argv[1]) / '.cache'\n"
        "job.main(*sys.argv[2:], root=Path(sys.argv[1]))\n"
    )
    owner.patch.setattr(publishing, "COMMAND", [sys.executable, str(driver), str(owner.root)])
    owner.do("rehearse")
    answer = owner.ask("publish")
    assert "a tab is there" in answer.page.text
    assert answer.page.find("a", string=lambda text: "Show me" in str(text)), "each with its place"
    job = last_job(owner.root)
    assert job is not None
    assert job.end == "failed"


def test_an_article_waits_for_its_date(owner: Publisher) -> None:
    text = PAGE.format(title="Next year", slug="next", text="Soon.").replace("2026-01-01", "2999-01-02")
    owner.write("content/en/articles/next.md", text)
    assert "Waits for its date Next year (EN) – from 2 January 2999" in owner.reads()


def test_a_record_that_cannot_be_read_is_as_none(owner: Publisher) -> None:
    owner.write(".desk/published.json", "{")
    owner.write(PLACE, '{"what": "publish"')
    assert "the whole site goes online" in owner.reads()
