"""Print what a bug report needs: versions, settings, clusters, queue and errors."""
