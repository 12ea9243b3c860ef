"""Run the comparison of speed: `nox -s bench`, or `nox -s bench -- --quick`."""
