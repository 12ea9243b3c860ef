"""Tasks that run twice, or again and again."""
