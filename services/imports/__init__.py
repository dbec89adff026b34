"""Bringing numbers in by file: read, recognise, preview, commit, undo."""
