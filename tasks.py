"""The commands of the site; `make help` or `invoke --list` shows them. The work is done in tools/."""

from __future__ import annotations

import sys
from pathlib import Path

from invoke import Context, Exit, task

SOURCES = "pelicanconf.py publishconf.py tasks.py plugins tools tests"


def run(context: Context, command: str) -> None:
    """Run one of the environment's own tools, as a module."""
    context.run(
        f'"{sys.executable}" -m {command}', pty=sys.stdout.isatty() and sys.platform != "win32", in_stream=False
    )


@task(
    help={"output": "the folder to write", "published": "refuse anything missing", "practice": "another file of facts"}
)
def build(context: Context, output: str = "", published: bool = False, practice: str = "") -> None:
    """Build the site; a build that fails leaves the last output as it was."""
    from tools.build import build as build_site

    result = build_site(Path(output) if output else None, published, Path(practice) if practice else None)
    for problem in result.problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
    if not result.ok:
        errors = sum(problem.severity == "error" for problem in result.problems)
        raise Exit(
            f"\nNothing was written: {errors} to mend, listed above. The last good output is still there.", code=1
        )
    print(f"The site is in {result.output}")


@task(help={"port": "where to serve; the next free one is taken if it is in use"})
def serve(context: Context, port: int = 8000) -> None:
    """Build the preview, serve it on this machine, and build again on every save."""
    from tools.preview import serve as serve_site

    serve_site(port)


@task
def lint(context: Context) -> None:
    """Check the code: ruff, mypy, djLint."""
    run(context, f"ruff check {SOURCES}")
    run(context, f"ruff format --check {SOURCES}")
    run(context, "mypy plugins tools tasks.py")
    run(context, "djlint theme/templates --lint --quiet")


@task
def messages(context: Context) -> None:
    """Bring the gettext catalogs up to date with the templates."""
    from tools.catalogs import update

    print(update())


@task(help={"args": "more for pytest, such as -k typography"})
def test(context: Context, args: str = "") -> None:  # noqa: PT028 - a task, not a test
    """Run the tests, after installing what they need where this machine lets us."""
    from tools.extras import ensure

    for line in ensure():
        print(f"{line}; the tests that need it are skipped.")
    run(context, f"pytest {args}")


@task
def lock(context: Context) -> None:
    """Compile the two requirements files from pyproject.toml (needs uv; writes hashes, no index address)."""
    compile_ = "uv pip compile --universal --generate-hashes --no-header --quiet pyproject.toml"
    context.run(f"{compile_} -o requirements.txt")
    context.run(f"{compile_} --group dev -o requirements-dev.txt")
