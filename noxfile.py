"""The sessions of the cookbook; `nox --list` shows them, README.md says when."""

from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["docs"]

PYPROJECT = nox.project.load_toml("pyproject.toml")
SITE = Path("docs/_build/html")
# What a page rests on: the modules, the pages, and the rules that bind them. What the
# site is made with, and its search, are tested by `tests`.
PAGES = ("cookbook", "docs", "README.md",
         "--ignore-glob=*/harness/test_[!h]*.py",
         "--ignore-glob=*/site/test_*[!s].py")  # fmt: skip
# Most of them wait most of the time: on two cores, more than ten win nothing.
AT_ONCE = ("--at-once", "10")
SPHINX = (
    "sphinx-build",
    "-n",
    "-W",
    "--keep-going",
    "-q",
    "-d",
    "docs/_build/doctrees",
)


def install(session, group):
    """Install a dependency group, at the versions that `nox -s lock` wrote.

    What was installed is not looked at again until one of these two files changes.
    """
    wanted = Path("constraints.txt").read_text() + Path("pyproject.toml").read_text()
    mark = Path(session.virtualenv.location, "installed.txt")
    if mark.exists() and mark.read_text() == wanted:
        return
    packages = nox.project.dependency_groups(PYPROJECT, group)
    session.install("--quiet", "--constraint", "constraints.txt", *packages)
    mark.write_text(wanted)


@nox.session
def docs(session):
    """Run every block on SQLite, then build the site and its stamps."""
    install(session, "tests")
    session.run("pytest", "-q", *AT_ONCE, "--on", "SQLite", "--changed", *PAGES)
    session.run(*SPHINX, "-b", "html", "docs", SITE)
    session.run("python", "-m", "cookbook", "verified")
    session.log(f"Open {(SITE / 'index.html').resolve().as_uri()}")


@nox.session
def tests(session):
    """Run everything on every server; prove that every line of the cookbook ran."""
    install(session, "tests")
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-q", *AT_ONCE)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report")


@nox.session(python=["3.11", "3.12", "3.13"])
def python(session):
    """Do the same as `tests` under one Python: `nox -s python-3.13`."""
    session.env["STAMPS"] = f"docs/_build/verified-{session.python}.json"
    tests(session)


@nox.session
def serve(session):
    """Build the site again at every change, and reload the browser."""
    install(session, "serve")
    session.run(
        "sphinx-autobuild", "--watch", "cookbook", "--ignore", "*/_build/*",
        "--ignore", "*/__pycache__/*",
        "-d", "docs/_build/serve", "docs", SITE, *session.posargs,
    )  # fmt: skip


@nox.session
def lint(session):
    """Check the style of the Python files, and the types of what is copied."""
    install(session, "lint")
    session.run("ruff", "check", *(session.posargs or ["."]))
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def bench(session):
    """Compare the speed (`-- --quick`: three minutes), or run experiments by name."""
    install(session, "tests")
    options = [word for word in session.posargs if word.startswith("--")]
    names = [name for name in session.posargs if name not in options]
    for name in names or ["evidence/speed"]:
        session.run("python", "-m", "cookbook", "measure", name, *options)


@nox.session
def shots(session):
    """Take the pictures again, and judge in Debian's chromium what Python judges."""
    install(session, "shots")
    session.env["DJANGO_SETTINGS_MODULE"] = "cookbook.settings"
    for script in ("shots", "screens", "browser", "strict"):
        session.run("python", "-m", f"cookbook.site.{script}")


@nox.session
def lock(session):
    """Write constraints.txt anew from the newest releases."""
    session.install("--quiet", "uv")
    groups = [f"--group={group}" for group in PYPROJECT["dependency-groups"]]
    session.run(
        "uv", "pip", "compile", *groups, "--universal", "--python-version", "3.11",
        "--upgrade", "--quiet", "--no-header", "--no-annotate", "--no-emit-index-url",
        "--output-file", "constraints.txt",
    )  # fmt: skip
