"""What stands on each page, between its title and its end: one module or package a page."""
