"""What each option does to SQLite under tasks, and what no option prevents."""
