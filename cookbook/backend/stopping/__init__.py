"""Stop a cluster in every way a process manager may, and count what is lost."""

from .trials import measure as measure
