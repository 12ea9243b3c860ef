"""Run the doctest of one module in a Django process: `python session.py MODULE`.

Prints how many examples ran. Exits with 1 if one of them failed, with the
doctest's own report. The module is imported by the name it is given, so that the
same file serves the cookbook and a project into which a recipe has been copied.
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
done = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
print(done.attempted, "examples")
sys.exit(bool(done.failed))
