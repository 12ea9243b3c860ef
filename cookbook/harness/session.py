"""Run the examples of one module in a Django process: `python session.py MODULE`.

Each docstring begins with no name defined, like a reader in `manage.py shell`: what it
uses, it imports. Prints how many examples ran. Exits with 1 if one failed, with the
doctest's own report. The module is imported by the name it is given, so that the same
file serves the cookbook and a project into which a recipe has been copied.
"""

import doctest
import importlib.util
import sys

import django

django.setup()
module = importlib.import_module(sys.argv[1])
settings = f"{module.__package__}.settings"
if module.__package__ and importlib.util.find_spec(settings):
    importlib.import_module(settings)  # It is shown, so it has to run.
runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
for session in doctest.DocTestFinder().find(module, globs={}):
    runner.run(session)
print(runner.tries, "examples")
sys.exit(bool(runner.failures))
