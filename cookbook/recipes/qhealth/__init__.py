"""Ask whether the clusters live and their queue moves; the exit code says it."""
