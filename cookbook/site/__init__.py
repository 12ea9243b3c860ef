"""What Sphinx shows of the cookbook: directives, stamps, figures, search."""
