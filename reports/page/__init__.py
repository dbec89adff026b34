"""The page of the HTML format: one file that asks nobody for anything, and is read with or without JavaScript."""
