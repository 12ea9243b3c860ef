"""Start gunicorn, Granian and the worker from one settings file, and ask both.

>>> from cookbook.evidence.whole_stack.stack import Stack
>>> stack = Stack()
>>> server, answer = stack.ask("gunicorn", "the worker counts these words")
>>> server, answer
('gunicorn', '5 words, counted in process group ...')
>>> answer.endswith(f" {stack.processes['worker'].process.pid}")
True

Granian serves the same page, and the same worker does its task:

>>> server, answer = stack.ask("granian", "and these")
>>> server, answer
('granian', '2 words, counted in process group ...')
>>> answer.endswith(f" {stack.processes['worker'].process.pid}")
True

SIGTERM to each main process ends all three, with these exit codes:

>>> stack.stop()
{'gunicorn': 0, 'granian': 0, 'worker': 0}
"""

import copy
import http.cookiejar
import re
import socket
import sys
import urllib.parse
import urllib.request
from contextlib import ExitStack

from cookbook.backend.whole_stack.settings import PRODUCTION_PROCESSES
from cookbook.harness.trial import MANAGE, Process, wait_until, workspace

COMMANDS = {"gunicorn": "server", "granian": "server", "worker": "worker"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stack:
    """Three processes, each started by `manage.py` and its name in the setting."""

    def __init__(self):
        self.desk = ExitStack()
        self.ports = {"gunicorn": free_port(), "granian": free_port()}
        processes = copy.deepcopy(PRODUCTION_PROCESSES)
        processes["gunicorn"]["ARGS"]["bind"] = f"127.0.0.1:{self.ports['gunicorn']}"
        processes["granian"]["ARGS"]["port"] = str(self.ports["granian"])
        settings = {
            "PRODUCTION_PROCESSES": processes,
            "ROOT_URLCONF": f"{__package__}.urls",
            "WSGI_APPLICATION": f"{__package__}.wsgi.application",
        }
        environment = self.desk.enter_context(workspace(settings))
        self.processes = {
            name: Process(environment, [sys.executable]).start(MANAGE, command, name)
            for name, command in COMMANDS.items()
        }

    def ask(self, server, text):
        """Send the form as a browser would; return who answers, and the result."""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(cookies)
        port, log = self.ports[server], self.processes[server]
        wait_until(lambda: listens(port), 90, lambda: log.advice)
        form = f"http://127.0.0.1:{port}/"
        page = get(browser, form)
        token = re.search('csrfmiddlewaretoken" value="(.*?)"', page.body)[1]
        fields = {"csrfmiddlewaretoken": token, "text": text}
        data = urllib.parse.urlencode(fields).encode()
        result = get(browser, form, data).url  # Where the redirect led to.
        response = wait_until(
            lambda: (page := get(browser, result)).status == 200 and page,
            90,
            lambda: self.processes["worker"].advice,
        )
        return response.headers["Server"].split("/")[0], response.body

    def stop(self):
        codes = {name: process.stop(90) for name, process in self.processes.items()}
        self.desk.close()
        return codes


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(browser, url, data=None):
    """Return the answer, with its text in `body`."""
    with browser.open(url, data, timeout=90) as answer:
        answer.body = answer.read().decode()
    return answer
