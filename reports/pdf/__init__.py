"""A document as pages to print."""
