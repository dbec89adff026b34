"""The one path to a number: a Question goes in, an Answer with its caveats and its lineage comes out.

In order: `scope` checks the question, `cells` reads the store, `sums` folds, `numbers` compares, `notes` tells caveats,
`frame` lays out the table, `explain` says how it was made; `answer` calls them. `custom` works metrics of a
team's own out from the answers to their ingredients.
"""

from services.ask.answer import ask, try_out

__all__ = ["ask", "try_out"]
