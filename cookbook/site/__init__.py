"""What Sphinx shows of the cookbook: directives, stamps, figures, theme, search."""
