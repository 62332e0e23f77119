"""The commands of the site; `make help` or `invoke --list` shows them. The work is done in tools/."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from invoke import Context, Exit, task

from plugins.problems import ContentError, formatted, in_language, language, say

SOURCES = "pelicanconf.py publishconf.py tasks.py plugins tools bench tests"


def spoken(lang: str) -> str:
    """The language of what is printed: `--lang`, or the machine's own."""
    try:
        return language(lang)
    except ValueError as error:
        raise Exit(str(error), code=2) from None


def command(**options: str) -> Callable[[Callable[..., None]], Any]:
    """A task of the owner's, with the help for its options: it speaks their language, also where it has to refuse."""

    def decorate(body: Callable[..., None]) -> Any:
        @wraps(body)
        def spoken_body(context: Context, *args: Any, lang: str = "", **kwargs: Any) -> None:
            from tools.publish.errors import PublishError

            lang = spoken(lang)
            try:
                body(context, *args, lang=lang, **kwargs)
            except ContentError as error:
                raise Exit("\n".join(formatted(problem, lang) for problem in error.args[0]), code=1) from None
            except PublishError as error:
                raise Exit(error.told(lang), code=1) from None

        return task(spoken_body, help={"lang": "en or fr"} | options)

    return decorate


def run(context: Context, command: str) -> None:
    """Run one of the environment's own tools, as a module."""
    context.run(
        f'"{sys.executable}" -m {command}', pty=sys.stdout.isatty() and sys.platform != "win32", in_stream=False
    )


@command(output="the folder to write", published="refuse anything missing", practice="another file of facts")
def build(context: Context, output: str = "", published: bool = False, practice: str = "", lang: str = "") -> None:
    """Build the site; a build that fails leaves the last output as it was."""
    from plugins.practice.facts import gathered
    from tools.build import build as build_site

    place, facts = Path(output) if output else None, Path(practice) if practice else None
    if published:
        from tools.publish.gate import published_build

        result = published_build(place, facts)
    else:
        result = build_site(place, practice=facts)
    for problem in sorted(gathered(result.problems), key=lambda problem: problem.severity == "error"):  # errors last
        severity = say("error:") if problem.severity == "error" else say("warning:")
        print(f"{in_language(severity, lang)} {formatted(problem, lang)}", file=sys.stderr)
    if not result.ok:
        count = sum(problem.severity == "error" for problem in result.problems)
        words = (
            say("Nothing was written: {count} to mend, listed above. The last good output is still there.", count=count)
            if result.last
            else say("Nothing was written: {count} to mend, listed above.", count=count)
        )
        raise Exit(f"\n{in_language(words, lang)}", code=1)
    print(in_language(say("The site is in {folder}", folder=result.output), lang))
    if published and result.build and result.build.facts.fictitious:
        print(in_language(say("Its facts are invented: “invoke publish” refuses those."), lang))
    elif published:
        print(
            in_language(
                say("“invoke publish” asks no more of a site; it looks at publish.toml and the host too."), lang
            )
        )


@command(
    port="where to serve, or at the next free one; otherwise 8000, unless the preview runs already: then it is shown",
    host="0.0.0.0 lets a phone on the same network see it; otherwise only this machine can",
    open="open it in the browser",
)
def serve(context: Context, port: str = "", host: str = "", lang: str = "", open: bool = True) -> None:  # noqa: A002 - the option's name
    """Build the preview, serve it on this machine, open it, and build again on every save."""
    from tools.desk import serve as serve_site

    try:
        serve_site(port, host, lang, browser=open)
    except OSError as error:
        raise Exit(in_language(error.args[-1], lang), code=1) from None


@command(
    lang="en or fr; otherwise the language of this machine",
    json="for a program rather than a person",
    external="also ask other sites whether our links still lead there",
)
def check(context: Context, lang: str = "", json: bool = False, external: bool = False) -> None:
    """Look for everything that would embarrass the practice; fails when something has to be mended."""
    from tools.check import check as look
    from tools.check.report import as_json, as_text, failed

    findings = look(external)
    print((as_json if json else as_text)(findings, lang))
    if failed(findings):
        raise Exit(code=1)


@command(page="show what changed in the other language since this page was last aligned")
def translations(context: Context, page: str = "", lang: str = "") -> None:
    """List every page in both languages: paired, missing, stale or pending."""
    from tools.desk.languages.agreement import earlier
    from tools.translations import overview

    print(overview(page, lang, earlier))


@command(page="a page as “invoke translations” lists it, such as faq; or all")
def translated(context: Context, page: str, lang: str = "") -> None:
    """Record that both languages of a page say the same as they are now."""
    from tools.translations import record

    print(record(page, lang))


@command(kind="page or article", title="between quotation marks", lang="the language of the title: en or fr")
def new(context: Context, kind: str, title: str, lang: str = "") -> None:
    """Begin a page or an article, in both languages, as a draft."""
    from tools.scaffold import new as begin
    from tools.scaffold import next_steps

    print("\n".join(in_language(line, lang) for line in next_steps(begin(kind, title, lang))))


@command()
def doctor(context: Context, lang: str = "") -> None:
    """Say what is installed, what is missing for which command, and how to install it."""
    from tools.doctor import examine, report

    signs = examine()
    print(report(signs, lang))
    if any(sign.vital and not sign.good for sign in signs):
        raise Exit(code=1)


@command(
    target="an entry of publish.toml; otherwise the one it names itself",
    dry_run="only say what would change",
    break_lock="take the place of a publish that you know is no longer running",
)
def publish(
    context: Context, target: str = "", dry_run: bool = False, break_lock: bool = False, lang: str = ""
) -> None:
    """Build, check and make it live, verified; on any failure the live site stays as it is."""
    from tools.publish.commands import publish as publish_site

    publish_site(target, dry_run, break_lock, lang)


@command(target="an entry of publish.toml")
def releases(context: Context, target: str = "", lang: str = "") -> None:
    """List the releases on the host, and which one is live."""
    from tools.publish.commands import releases as list_releases

    list_releases(target, lang)


@command(
    to="as “invoke releases” lists it; otherwise the one before the live one",
    target="an entry of publish.toml",
    break_lock="take the place of a publish that you know is no longer running",
)
def rollback(context: Context, to: str = "", target: str = "", break_lock: bool = False, lang: str = "") -> None:
    """Make an earlier release live again."""
    from tools.publish.commands import rollback as roll_back

    roll_back(to, target, break_lock, lang)


@task
def lint(context: Context) -> None:
    """Check the code: ruff, mypy, djLint."""
    run(context, f"ruff check {SOURCES}")
    run(context, f"ruff format --check {SOURCES}")
    run(context, "mypy plugins tools bench tests tasks.py")
    run(context, "djlint theme/templates --lint --quiet")


@task
def messages(context: Context) -> None:
    """Bring the catalogs up to date: what the templates say, and what the owner is told."""
    from tools import update_catalogs, update_messages

    print(update_catalogs.update())
    print(update_messages.update())


@task(help={"args": "more for pytest, such as -k typography"})
def test(context: Context, args: str = "") -> None:  # noqa: PT028 - a task, not a test
    """Run the tests, after installing what they need where this machine lets us."""
    from tools.extras import ensure

    for line in ensure():
        print(f"{line}; the tests that need it are skipped.")
    # One more than there are processors: a test often waits, for a browser, a server, a disk.
    run(context, f"pytest --numprocesses {(os.cpu_count() or 1) + 1} --dist worksteal {args}")


@task
def pictures(context: Context) -> None:
    """Take the pictures of the owner's guides again, as the desk looks now (docs/pictures)."""
    os.environ["TAKE_PICTURES"] = "1"
    run(context, "pytest tests/desk/test_owners_day.py")


@task(help={"args": "more for the bench, such as --sizes 100 --rounds 3 --hugo path/to/hugo"})
def bench(context: Context, args: str = "") -> None:
    """Measure builds and the preview beside other generators; writes bench/results.md. Takes minutes, or an hour."""
    run(context, f"bench {args}")


@task
def wheels(context: Context) -> None:
    """Prove that no machine needs a compiler: what the site runs on has a wheel for each system and Python."""
    from tools.wheels import without_wheels

    if lacking := without_wheels():
        raise Exit("\n".join(lacking), code=1)
    print("Every package has a wheel for every system.")


@task(post=[wheels])
def lock(context: Context) -> None:
    """Compile the two requirements files from pyproject.toml (with hashes, and no index address)."""
    compile_ = "uv pip compile --universal --generate-hashes --no-header --quiet pyproject.toml"
    run(context, f"{compile_} -o requirements.txt")
    run(context, f"{compile_} --group dev -o requirements-dev.txt")
