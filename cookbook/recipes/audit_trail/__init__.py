"""Keep who enqueued which task, with which arguments, and what became of it."""
