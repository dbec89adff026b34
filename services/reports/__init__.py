"""Reports: laid out by a person, made of the same numbers as every screen, kept so that they can be made again.

`parts` are what a block can show, each a file; `making` is what a part asks its numbers through, and `build` makes a
document of a layout.
"""
