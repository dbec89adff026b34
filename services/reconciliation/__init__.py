"""Numbers read in a platform's own interface, held against ours: `kept` is the list, `compare` finds the difference and
the layer at which it arises, `reasons` the known ones that apply."""
