"""What statistical methods find in a workspace's numbers, found ahead of time so that a page reads it in milliseconds.

`registry` lists what is studied: each kind has its subjects and a way to compute one. `refit` computes what is due, in
a process of its own; `kept` reads what was found.
"""

from services.studies.kept import Kept, all_of, find, find_many
from services.studies.refit import refit
from services.studies.subject import Subject

__all__ = ["Kept", "Subject", "all_of", "find", "find_many", "refit"]
