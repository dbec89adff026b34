"""The installation as a whole: put together, asked how it is, kept to one writer, filled with the demo."""
