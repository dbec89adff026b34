"""One module a template, each with its `TEMPLATE`."""
