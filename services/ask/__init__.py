"""The one path to a number: a Question goes in, an Answer with its caveats and its lineage comes out.

In order: `scope` checks the question, `cells` reads the store, `sums` folds, `numbers` compares, `notes` tells caveats,
`frame` lays out the table, `explain` says how it was made; `answer` calls them.
"""

from services.ask.answer import ask

__all__ = ["ask"]
