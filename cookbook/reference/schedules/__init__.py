"""Queue a task later, or again and again."""
