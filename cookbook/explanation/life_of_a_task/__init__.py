"""Follow a task through the processes of a cluster, and kill each on the way."""

from .killed import measure as measure
