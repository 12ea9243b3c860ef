"""Follow a task through the processes of a cluster, and kill each on the way."""

from .kills import measure as measure
