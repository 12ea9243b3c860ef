"""Whatever goes wrong tells its reader, in one sentence, what to do."""

import os
import signal
import subprocess
from types import SimpleNamespace

import psycopg
import pytest
import redis
from pymongo.errors import ServerSelectionTimeoutError

from cookbook import __main__, languages, upstream
from cookbook.catalogue import Recipe, literal_settings
from cookbook.harness import checks, servers
from cookbook.harness.clusters import Cluster, run_example, shell
from cookbook.harness.pages import Block, complaints
from cookbook.harness.servers import ROOT, redis_server, wait_until, workspace
from cookbook.harness.terminals import Terminals
from cookbook.site import figures

ORM = {"Q_CLUSTER": {"orm": "default", "workers": 1, "timeout": 5, "retry": 9}}


def block(language, text, source=ROOT / "cookbook/settings.py"):
    return Block(ROOT / "docs/index.md", 1, "1", language, text, source)


GOOD = {
    "bash": "python manage.py qcluster & wait -n\n",
    "css": "a { color: red }",
    "dockerfile": "FROM python\n# a\nRUN pip list\nCMD python manage.py qcluster\n",
    "html": "<!DOCTYPE html><title>{% if x %}{{ x }}{% endif %}</title><p>a</p>",
    "html+django": "{% load static %}<p>{% static 'a' %}</p>",
    "ini": "[Service]\nExecStart=/x/python manage.py qcluster --run-once\n",
    "json": '{"a": 1}',
    "procfile": "worker: python manage.py qcluster\n",
    "sql": "CREATE TABLE a (b); SELECT b FROM a",
    "toml": "a = 1",
    "yaml": "command: python manage.py qcluster\n---\nb: 1\n",
}
BAD = {
    "bash": "if true; python manage.py qcluster\n",
    "css": "a { color: red } }",
    "dockerfile": "RUN true\n",
    "html": "<p>a</b>",
    "html+django": "{% iff x %}",
    "ini": "[Service]\nExecStart=/x/python manage.py qcluster --workers 4\n",
    "json": "{a: 1}",
    "procfile": "worker python manage.py worker\n",
    "sql": "SELECT b FROM nowhere",
    "toml": "a = ",
    "yaml": "command: python manage.py qclean\n",
}


@pytest.mark.parametrize("language", languages.FILES)
def test_files_are_read_strictly(language):
    assert checks.check(block(language, GOOD[language]), None) == {"checker": language}
    with pytest.raises(Exception, match=r"\w"):
        checks.check(block(language, BAD[language]), None)


@pytest.mark.parametrize(
    ("language", "text", "advice"),
    [
        ("ini", "[Service]\nKilMode=mixed\n", "no {'KilMode'} in \\[Service\\]"),
        ("ini", "[Unit]\nAfter=a\n[Servce]\nUser=b\n", "no {'User'} in \\[Servce"),
        ("dockerfile", "FROM python\nUSR shop\n", "a Dockerfile has no USR"),
        (
            "dockerfile",
            "FROM python\nRUN true && pip install --no-cache-dri django\n",
            "no such option: --no-cache-dri",
        ),
    ],
)
def test_a_misspelt_word_is_named(language, text, advice):
    with pytest.raises(AssertionError, match=advice):
        checks.check(block(language, text), None)


@pytest.mark.parametrize("time", ["60 * * * *", "*/5 * * *", "* * * * * *", "@dayly"])
def test_a_time_that_cron_does_not_know(time):
    languages.crontab("*/5 * * * mon true\n")
    with pytest.raises(AssertionError, match=r"no such time|then a command"):
        languages.crontab(f"{time} cd /srv/shop && true\n")


def test_what_supervisor_reads_is_no_unit_of_systemd():
    checks.check(block("ini", "[program:worker]\nstopasgroup=false\n"), None)


def test_what_sphinx_cannot_highlight():
    with pytest.raises(AssertionError, match=r"no word of the .* 'procfile': \[':'\]"):
        checks.check(block("procfile", "web: serve localhost:0"), None)


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("python", "move it to a file of the page's recipe"),
        ("toml", "move it to a file of the page's recipe"),
        ("rust", "has no checker; label it"),
        ("default", "has no checker; label it"),
    ],
)
def test_typed_blocks_are_refused(language, advice):
    with pytest.raises(AssertionError, match=advice):
        checks.check(block(language, "x", source=None), None)


def test_python_is_accepted_from_the_cookbook_only():
    assert checks.check(block("python", "x"), None) == {}


@pytest.fixture
def terminals(tmp_path):
    desk = Terminals(tmp_path, dict(os.environ), seconds=4)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("session", "advice"),
    [
        ("expr 1 + 1\n2", "begins with a line"),
        ("$ expr 1 + 1\n3", "The page says:\n3\n\nIt printed:\n2"),
        ("$ sleep 60", "did not end within 4 s; end its answer with"),
        ("$ sleep 60\nnever printed\n...", "The page says:\nnever printed"),
    ],
)
def test_a_console_block_that_lies(terminals, session, advice):
    with pytest.raises(AssertionError, match=r"[\s\S]*".join(advice.splitlines())):
        terminals.type(session)


def test_a_run_in_the_background(terminals):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert terminals.type("$ sleep 60\n^C") == 1
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_terminal_that_goes_on(terminals):
    with pytest.raises(AssertionError, match="a console block above it"):
        terminals.show("2")
    assert terminals.type("$ expr 1 + 1\n2\n$ cat\n^C") == 2
    terminals.show("2")
    terminals.type("$ while expr 1 + 2; do sleep 0.1; done\n3\n...")
    terminals.type("$ echo another\nanother")
    terminals.show("3\n3\n3")
    with pytest.raises(AssertionError, match="never printed"):
        terminals.show("never printed")


def module(tmp_path, text):
    path = tmp_path / "recipe.py"
    path.write_text(text)
    return path


def test_a_computed_setting(tmp_path):
    path = module(tmp_path, "import os\nx = y = 1\nQ_CLUSTER = dict(os.environ)\n")
    with pytest.raises(
        ValueError, match="Q_CLUSTER is computed; write it as a literal"
    ):
        literal_settings(path)


def test_a_q_cluster_that_would_be_misread():
    assert "Make it a dictionary" in upstream.mistakes(["orm"])[0]
    assert "Remove it" in upstream.mistakes({"orm": "default", "zzz": 1})[0]
    assert "retry above 270" in upstream.mistakes({"orm": "default", "timeout": 90})[0]


def test_a_chosen_engine(tmp_path):
    engine = '{"default": {"ENGINE": "django.db.backends.postgresql"}}'
    path = module(tmp_path, f'"""A recipe."""\nDATABASES = {engine}\n')
    assert Recipe(path).databases() == ("PostgreSQL",)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "has no doctest; add one"),
        ('""">>> 1 + 1\n3\n"""', "Expected:\n    3\nGot:\n    2"),
        ("import nothing_of_this_name", "No module named 'nothing_of_this_name'"),
        (
            '""">>> from subprocess import *\n'
            '>>> x = Popen(["sleep", "99"], stdout=DEVNULL, stderr=DEVNULL)\n"""',
            "left processes running",
        ),
    ],
)
def test_an_example_that_fails(tmp_path, text, advice):
    module(tmp_path, text)
    path = f"{ROOT}{os.pathsep}{tmp_path}"
    with pytest.raises(AssertionError, match=advice), workspace({}) as environment:
        run_example(
            "recipe", Cluster(environment | {"PYTHONPATH": path}), clustered=False
        )


def test_a_cluster_that_is_left_behind():
    with (
        pytest.raises(TimeoutError, match="left these running"),
        workspace({}, seconds=0) as environment,
    ):
        subprocess.Popen(["sleep", "99"], env=environment)


def test_a_task_that_never_ends(tmp_path):
    module(tmp_path, '""">>> import threading; threading.Event().wait()\n"""')
    with workspace({}) as environment:
        environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
        with pytest.raises(AssertionError, match="did not finish within 2 s"):
            run_example("recipe", Cluster(environment), clustered=False, seconds=2)


def test_a_cluster_that_does_not_start(tmp_path):
    module(tmp_path, '""">>> 1\n1\n"""')
    settings = {"Q_CLUSTER": {"broker_class": "no.such.Broker"}}
    with workspace(settings) as environment:
        environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
        with pytest.raises(RuntimeError, match="No module named 'no'"):
            Cluster(environment).start().wait()
        with pytest.raises(AssertionError, match="No module named 'no'"):
            run_example("recipe", Cluster(environment))


def test_a_cluster_that_is_killed_is_gone():
    with workspace(ORM) as environment, Cluster(environment) as cluster:
        assert shell(environment, "print(6 * 7)") == "42"
        cluster.kill()
        assert not servers.processes(environment["WORKSPACE"])
        cluster.kill()  # Twice does no harm.
        assert cluster.stop() == -9


def test_an_error_kills_the_cluster():
    with workspace(ORM) as environment:
        with pytest.raises(KeyError), Cluster(environment):
            raise KeyError
        assert not servers.processes(environment["WORKSPACE"])


def test_what_sphinx_says_belongs_to_a_page():
    pages = complaints("/a/b.md:3: WARNING: lost\n\x1b[31mWARNING: odd\x1b[0m\n", ROOT)
    assert {page.name: len(lines) for page, lines in pages.items()} == {
        "b.md": 1,
        "index.md": 1,
    }


def test_waiting_has_an_end():
    with pytest.raises(TimeoutError, match=r"nothing came \(waited 0 s\)"):
        wait_until(lambda: False, 0, lambda: "nothing came")


def test_servers_of_your_own(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", servers.postgresql())
    with workspace({}, "PostgreSQL") as environment:
        assert environment["DATABASE_URL"].startswith("postgresql://")
    with redis_server(tmp_path) as url:
        monkeypatch.setenv("REDIS_URL", url)
        client = redis.from_url(url)
        with redis_server(tmp_path) as own:
            assert own == url
            client.set("ours", 1)
        assert not client.dbsize()
        client.set("yours", 1)
        with pytest.raises(ValueError, match="set REDIS_URL to an empty database"):
            redis_server(tmp_path).__enter__()


def test_a_database_without_a_template(monkeypatch, tmp_path):
    """What serves MySQL runs here on PostgreSQL, for it asks only what both know."""
    monkeypatch.setenv("DATABASE_URL", servers.postgresql())
    with servers._mysql(tmp_path) as url, psycopg.connect(url) as own:
        assert own.execute("SELECT count(*) FROM django_q_ormq").fetchone() == (0,)
        own.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_database_that_cannot_be_migrated(tmp_path):
    with pytest.raises(RuntimeError, match="cannot be migrated"):
        servers._migrate(f"sqlite:///{tmp_path}")


def test_a_mongodb_that_nobody_runs(monkeypatch):
    nobody = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"
    monkeypatch.setenv("MONGODB_URL", nobody)
    with pytest.raises(ServerSelectionTimeoutError), servers.mongodb() as keys:
        assert keys["mongo"] == {"host": nobody}


def test_a_missing_server_binary(monkeypatch, tmp_path):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr(servers, "REDIS_SERVER", "/nowhere/redis-server")
    with pytest.raises(FileNotFoundError, match="or set REDIS_URL"):
        redis_server(tmp_path).__enter__()


def test_measure_says_what_it_wrote(monkeypatch, capsys):
    monkeypatch.setattr(figures, "write", lambda recipe, *_: f"{recipe}.json")
    __main__.measure(SimpleNamespace(recipe="kills", quick=False, to=None))
    assert capsys.readouterr().out == "wrote kills.json\n"
