"""Run a site and its tasks on one SQLite file, without "database is locked"."""
